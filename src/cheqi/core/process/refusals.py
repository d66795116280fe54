"""The refusals of the engine: one function a reason, each saying what happened and what to do next."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.definition import Definition, Fact, Step
from cheqi.core.process.state import CaseState, StepState, StepStatus

_CHINA = ZoneInfo("Asia/Shanghai")
NOT_NOW, NOT_ALLOWED = RefusalKind.NOT_NOW, RefusalKind.NOT_ALLOWED


def case_is_not_open(definition: Definition, state: CaseState) -> Refused:
    """The case is closed, or was never opened."""
    label = definition.statuses.get(state.status)
    if label is None:
        return refuse(NOT_NOW, "process.case_open", Text("案件尚未开始", "The case has not begun"))
    message = Text(
        f"案件已结束（{label.zh}），不能再操作",
        f"The case is over ({label.en}); nothing can be changed any more",
    )
    return refuse(NOT_NOW, "process.case_open", message, status=state.status, at=state.closed_at)


def case_exists() -> Refused:
    """The case was opened before, with something else."""
    return refuse(
        RefusalKind.CONFLICT, "process.case_new", Text("案件已经开始", "The case has already begun")
    )


def no_such_step(key: str) -> Refused:
    """The process has no step of that name."""
    message = Text(f"流程中没有步骤 {key}", f"The process has no step {key}")
    return refuse(RefusalKind.INVALID, "process.step", message, step=key)


def step_is_not_open(step: Step, current: StepState | None, state: CaseState) -> Refused:
    """The step is not open: not reached, skipped, or sent back since."""
    title = step.title
    if current is None or current.status is StepStatus.SUPERSEDED:
        waiting = [key for key in step.after if key not in state.steps or not state.steps[key].finished_at]
        message = Text(
            f"「{title.zh}」还没有轮到，请等前面的步骤完成",
            f"“{title.en}” is not open yet: earlier steps come first",
        )
        return refuse(NOT_NOW, "process.step_open", message, step=step.key, waiting_for=", ".join(waiting))
    if current.status is StepStatus.SKIPPED:
        message = Text(f"本案不需要「{title.zh}」", f"“{title.en}” is not needed in this case")
        return refuse(NOT_NOW, "process.step_open", message, step=step.key)
    return already_done(step, current)


def already_done(step: Step, current: StepState) -> Refused:
    """Somebody else was faster: who, when and how."""
    at = _spoken(current.finished_at)
    message = Text(
        f"「{step.title.zh}」已由 {current.by_name} 于 {at} 完成，请刷新查看",
        f"“{step.title.en}” was done by {current.by_name} at {at}; reload to see it",
    )
    return refuse(
        RefusalKind.CONFLICT,
        "process.step_done",
        message,
        step=step.key,
        by=current.by,
        by_name=current.by_name,
        at=current.finished_at,
        outcome=current.outcome,
    )


def older_round(step: Step, given: int, current: int) -> Refused:
    """The request is about a round that was superseded."""
    message = Text(
        f"「{step.title.zh}」已进入第 {current} 轮，请刷新后重做",
        f"“{step.title.en}” is in round {current} now; reload",
    )
    return refuse(NOT_NOW, "process.round", message, step=step.key, round=given, current=current)


def wrong_owner(step: Step) -> Refused:
    """The actor does not hold the role."""
    owner = step.owner.role or step.owner.kind.value.lower()
    message = Text(
        f"您没有办理「{step.title.zh}」的权限，请转给有权限的同事",
        f"You may not do “{step.title.en}”; pass it to a colleague who may",
    )
    return refuse(NOT_ALLOWED, "process.owner", message, step=step.key, owner=owner)


def four_eyes(step: Step) -> Refused:
    """The actor did something in this case that must not be judged by the same person."""
    message = Text(
        f"「{step.title.zh}」须由另一位同事办理：您经办过本案相关步骤",
        f"“{step.title.en}” needs another colleague: you did a step that this one checks",
    )
    return refuse(NOT_ALLOWED, "process.four_eyes", message, step=step.key)


def unknown_outcome(step: Step, given: str) -> Refused:
    """The step cannot end like that."""
    names = ", ".join(outcome.key for outcome in step.outcomes)
    message = Text(f"「{step.title.zh}」的结果须为：{names}", f"“{step.title.en}” ends with one of: {names}")
    return refuse(RefusalKind.INVALID, "process.outcome", message, step=step.key, given=given)


def materials_missing(step: Step, missing: Iterable[str]) -> Refused:
    """Something that the step asks for is not there: one finding each."""
    findings = tuple(
        Finding(
            "process.materials",
            Text(f"还缺：{name}", f"Still missing: {name}"),
            field=name,
            data=(("step", step.key),),
        )
        for name in missing
    )
    return Refused(NOT_NOW, findings)


def bad_facts(definition: Definition, facts: Iterable[tuple[str, object]]) -> Refused | None:
    """Every fact that is not declared or does not fit, or nothing."""
    findings = []
    for key, value in facts:
        fact: Fact | None = definition.facts.get(key)
        if fact is None:
            message = Text(f"流程没有声明事实 {key}", f"The process declares no fact {key}")
        elif not fact.accepts(value):
            allowed = ", ".join(fact.values) or fact.kind.value
            message = Text(f"事实 {key} 须为 {allowed}", f"The fact {key} must be {allowed}")
        else:
            continue
        findings.append(Finding("process.fact", message, field=key))
    return Refused(RefusalKind.INVALID, tuple(findings)) if findings else None


def not_awaited(name: str) -> Refused:
    """Nothing in this case waits for that event."""
    message = Text(f"本案当前没有步骤在等待 {name}", f"Nothing in this case waits for {name} now")
    return refuse(NOT_NOW, "process.awaited", message, awaited=name)


def too_late_to_withdraw(definition: Definition) -> Refused:
    """The step up to which a withdrawal was possible is done."""
    if definition.withdraw is None:
        message = Text("这类业务不能撤回", "This kind of request cannot be withdrawn")
    else:
        title = definition.by_key[definition.withdraw.until].title
        message = Text(
            f"「{title.zh}」已完成，不能再撤回", f"“{title.en}” is done: it is too late to withdraw"
        )
    return refuse(NOT_NOW, "process.withdraw", message)


def may_not_withdraw() -> Refused:
    """Only the customer, or who helps the customer, withdraws."""
    return refuse(
        NOT_ALLOWED,
        "process.withdraw",
        Text("只有客户本人或其客户经理可以撤回", "Only the customer may withdraw"),
    )


def unknown_status(definition: Definition, status: str) -> Refused:
    """A case closes with one of its process's statuses."""
    names = ", ".join(definition.statuses)
    return refuse(
        RefusalKind.INVALID, "process.status", Text(f"状态须为：{names}", f"The status is one of: {names}")
    )


def _spoken(moment: datetime | None) -> str:
    """The moment on the clocks of mainland China, where the sentence is read."""
    return moment.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M") if moment else ""
