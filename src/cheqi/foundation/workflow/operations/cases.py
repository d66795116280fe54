"""What people and programs do to cases. Each answers `CaseMoved`, or `Refused` with nothing changed.

`key` is the caller's: the same key by the same actor has its effect once and gives the same answer again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process import inputs
from cheqi.core.process.assignment import Candidate
from cheqi.core.process.definition import Ball, FactValue
from cheqi.core.process.engine import objection, repeats, workable
from cheqi.core.process.people import may_do, reference
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.moving import acting, move, not_found
from cheqi.foundation.workflow.people import candidates
from cheqi.foundation.workflow.record import CaseRecord, sees
from cheqi.foundation.workflow.registry import MATERIALS, findings_of
from cheqi.foundation.workflow.store import load_case


def finish_step(
    *,
    case_id: int,
    step: str,
    outcome: str = "",
    round: int | None = None,  # noqa: A002 (the field's name everywhere)
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, FactValue] | None = None,
    actor: Actor,
    now: datetime,
    key: str,
    backfilled: bool = False,
) -> CaseMoved | Refused:
    """Finishes the open round of a step with an outcome; guards and missing materials may object.

    `round` is the one the person saw; without it the latest is meant. CONFLICT says who was faster.
    """

    def ask(case: CaseRecord, here: Actor) -> inputs.Input | Refused:
        number = round or case.round_of(step) or 1
        missing = missing_materials(case, step)
        event = inputs.FinishStep(step, number, here, outcome, reason, facts or {}, missing)
        if repeats(case.state, event):
            return event
        if (refused := objection(case.definition, case.state, event)) is not None:
            return refused  # guards look at records that are there once the step is open
        findings = findings_of(case, step, outcome, here, now)
        return Refused(RefusalKind.NOT_NOW, findings) if findings else event

    what = ("finish", step, outcome, round, reason, data, facts)
    return move(
        case_id,
        ask,
        actor=actor,
        now=now,
        key=key,
        what=what,
        reason=reason,
        data=data,
        backfilled=backfilled,
    )


def work_in(*, case_id: int, step: str, actor: Actor, now: datetime) -> CaseRecord | Refused:
    """The case, for an operation that works within an open step without ending it; or why this actor may not.

    The same objections as finishing the step meets: not theirs to see (NOT_FOUND), not open (NOT_NOW,
    CONFLICT), not their role at the branch, or barred by four eyes (NOT_ALLOWED).
    """
    loaded = load_case(case_id)
    if loaded is None:
        return not_found()
    case = loaded.record
    if not sees(actor, case_id=case_id, branch_id=case.branch_id, party_id=case.party_id):
        return not_found()
    here = acting(actor, case.branch_id, now)
    found = workable(case.definition, case.state, step, case.round_of(step) or 1, here)
    return found if isinstance(found, Refused) else case


def give_facts(
    *,
    case_id: int,
    facts: Mapping[str, FactValue],
    actor: Actor,
    now: datetime,
    key: str,
    backfilled: bool = False,
) -> CaseMoved | Refused:
    """Notes facts about the case; steps that are not open yet are needed or skipped by them."""
    return move(
        case_id,
        lambda _, here: inputs.GiveFacts(here, facts),
        actor=actor,
        now=now,
        key=key,
        what=("facts", facts),
        backfilled=backfilled,
    )


def signal(
    *,
    case_id: int,
    awaited: str,
    outcome: str = "",
    step: str = "",
    round: int = 0,  # noqa: A002 (the field's name everywhere)
    facts: Mapping[str, FactValue] | None = None,
    data: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
    key: str,
    backfilled: bool = False,
) -> CaseMoved | Refused:
    """Brings the event that a step waits for. Only the system and API clients may."""
    if actor.kind not in {ActorKind.SYSTEM, ActorKind.CLIENT}:
        message = Text("只有外部系统可以回报结果", "Only outside systems report results")
        return refuse(RefusalKind.NOT_ALLOWED, "workflow.signal", message)
    return move(
        case_id,
        lambda _, here: inputs.Signal(awaited, here, outcome, facts or {}, step, round),
        actor=actor,
        now=now,
        key=key,
        what=("signal", awaited, outcome, step, round, facts),
        data=data,
        backfilled=backfilled,
    )


def check_materials(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """Finishes each open step whose materials have become complete; nothing happens while some lack."""

    def ask(case: CaseRecord, here: Actor) -> inputs.Input | Refused:
        for step in case.state.steps.values():
            asks = case.definition.by_key[step.key].materials
            if step.is_open and asks and not missing_materials(case, step.key):
                return inputs.CompleteMaterials(step.key, step.round, here)
        return inputs.GiveFacts(here, {})

    return move(case_id, ask, actor=actor, now=now, key=key, what=("materials",))


def missing_materials(case: CaseRecord, step: str) -> tuple[str, ...]:
    """The titles of what the step still lacks."""
    definition = case.definition.by_key.get(step)
    if definition is None or definition.materials is None:
        return ()
    found = MATERIALS[definition.materials.source](case)
    return tuple(one.title.zh for one in found if not one.is_there)


def pass_ball(
    *, case_id: int, step: str, ball: Ball, actor: Actor, now: datetime, key: str
) -> CaseMoved | Refused:
    """Says that somebody else has to act before the step can go on; US takes the ball back."""
    return move(
        case_id,
        lambda case, here: inputs.PassBall(step, case.round_of(step) or 1, ball, here),
        actor=actor,
        now=now,
        key=key,
        what=("ball", step, ball.value),
    )


def reassign(
    *, case_id: int, step: str, member_id: int, reason: str, actor: Actor, now: datetime, key: str
) -> CaseMoved | Refused:
    """Gives an open step to a colleague who holds its role there; needs the permission to reassign."""

    def ask(case: CaseRecord, here: Actor) -> inputs.Input | Refused:
        if not may(here, Permission.REASSIGN):
            return refuse(
                RefusalKind.NOT_ALLOWED,
                "workflow.reassign",
                Text("您没有改派任务的权限", "You may not reassign work"),
            )
        chosen = _colleague(case, step, member_id, now)
        if isinstance(chosen, Refused):
            return chosen
        number = case.round_of(step) or 1
        return inputs.Assign(step, number, chosen.reference, here, reason, chosen.name)

    what = ("reassign", step, member_id, reason)
    return move(case_id, ask, actor=actor, now=now, key=key, what=what, reason=reason)


def claim(*, case_id: int, step: str, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """Takes an open step for oneself; who holds its role may, unless four eyes forbid it."""

    def ask(case: CaseRecord, here: Actor) -> inputs.Input | Refused:
        definition = case.definition.by_key.get(step)
        if definition is None or not here.is_staff or not may_do(definition, here):
            return refuse(
                RefusalKind.NOT_ALLOWED,
                "workflow.claim",
                Text("您不能领取这个步骤", "You may not take this step"),
            )
        number = case.round_of(step) or 1
        return inputs.Assign(step, number, reference(here), here, "领取", here.name)

    return move(case_id, ask, actor=actor, now=now, key=key, what=("claim", step))


def _colleague(case: CaseRecord, step: str, member_id: int, now: datetime) -> Candidate | Refused:
    definition = case.definition.by_key.get(step)
    people = candidates(definition.owner.role, case.branch_id, now) if definition else []
    chosen = next((one for one in people if one.reference == f"STAFF:{member_id}"), None)
    if chosen is None or chosen.is_absent:
        message = Text("这位同事现在不能办理该步骤", "This colleague cannot do the step now")
        return refuse(RefusalKind.INVALID, "workflow.owner", message, step=step, member=member_id)
    return chosen


def withdraw(
    *, case_id: int, reason: str, actor: Actor, now: datetime, key: str, backfilled: bool = False
) -> CaseMoved | Refused:
    """The customer gives up the request, as long as the process allows it."""
    return move(
        case_id,
        lambda _, here: inputs.Withdraw(here, reason),
        actor=actor,
        now=now,
        key=key,
        what=("withdraw", reason),
        reason=reason,
        backfilled=backfilled,
    )


def close(
    *, case_id: int, status: str, reason: str, actor: Actor, now: datetime, key: str
) -> CaseMoved | Refused:
    """Ends a case with one of its final statuses; managers only, with a reason."""

    def ask(_: CaseRecord, here: Actor) -> inputs.Input | Refused:
        if not here.has_role("operations_manager") and here.kind is not ActorKind.SYSTEM:
            message = Text("只有运营经理可以结束案件", "Only an operations manager closes a case")
            return refuse(RefusalKind.NOT_ALLOWED, "workflow.close", message)
        return inputs.Close(here, status, reason)

    what = ("close", status, reason)
    return move(case_id, ask, actor=actor, now=now, key=key, what=what, reason=reason)
