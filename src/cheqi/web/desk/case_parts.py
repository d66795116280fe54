"""What the page of a case is made of, as values: its head, its tabs, its action bar, its timeline."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import Finding
from cheqi.core.process.definition import Ball, OwnerKind, Side, Step
from cheqi.core.process.people import may_do, reference
from cheqi.foundation.eventlog.queries import TimelineEntry, timeline
from cheqi.foundation.staff.roles import ROLES, Permission, may
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.queries import CaseView, StepView
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import MATERIALS
from cheqi.ui.casework import Deed, Work, form_of, objections_to, panel_of, reveal_of
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.errors import STEP_UP_RULE
from cheqi.ui.forms import said
from cheqi.ui.parts import Action, ActionBar, Happening, Stage, StageRail, StageState, TimeBar, Timeline
from cheqi.web.telling import told as telling
from cheqi.web.wording import actor_name

LATEST = 30
TELLING = frozenset({"process.step_finished", "lending.credit_decided"})
INNER = frozenset({"process.facts_given", "process.step_skipped"})
MINIMAL = "desk/step_plain.html"


def step_of(record: CaseRecord, wanted: str, actor: Actor) -> Step:
    """The step to show: the wanted one, else the most urgent open one of the actor's, else what is open."""
    state, definition = record.state.steps, record.definition.by_key
    if wanted in state and wanted in definition:
        return definition[wanted]
    reached = [step for step in record.definition.steps if step.key in state]
    is_open = [step for step in reached if state[step.key].is_open]
    mine = [step for step in is_open if state[step.key].owner == reference(actor)]
    possible = [step for step in is_open if may_do(step, actor)]
    ours = [step for step in is_open if state[step.key].ball is Ball.US]
    last = sorted(reached, key=lambda step: record.row_ids[step.key, state[step.key].round])
    return next(iter((*mine, *possible, *ours, *is_open, *last[::-1])), record.definition.steps[0])


def frame_context(work: Work, view: CaseView, tried: Mapping[str, forms.Form]) -> dict[str, Any]:
    """Head, tabs, action bar and dialogs of the page."""
    panel = panel_of(work.record.process, work.step.key)
    shown = next(step for step in view.steps if step.key == work.step.key)
    deeds = tuple(deed for deed in (panel.offered(work) if panel and work.is_open else ()) if deed.outcome)
    drawn = {deed.key: tried.get(deed.key) or form_of(deed, work) for deed in deeds if not deed.is_in_page}
    return {
        "work": work,
        "number": work.record.number,
        "evidence_url": "" if work.veiled else reverse("desk:evidence", args=[work.record.number]),
        "opened_by": actor_name(work.record.created_by_name),
        "step_title": _in(work.step.title),
        "is_open": work.is_open,
        "tabs": _tabs(work),
        "rail": stage_rail(work.record),
        "status": status_badge(view),
        "bar": _time_bar(work, shown) if work.is_open and shown.rounds else None,
        "dialogs": [(deed, drawn[deed.key]) for deed in deeds if not deed.is_in_page],
        "tried": next(iter(tried), ""),
        "actions": ActionBar(_actions(work, view, shown, deeds), note=_note(work, view)),
        "who": who_does(work, shown),
        "may_unmask": may_reveal(work.record, work.actor),
        "unmask_url": reverse("desk:unmask", args=[work.record.number]),
    }


def work_context(work: Work, tried: Mapping[str, forms.Form]) -> dict[str, Any]:
    """The middle of the page: the panel of the step with its forms."""
    panel = panel_of(work.record.process, work.step.key)
    deeds = panel.deeds if panel and work.is_open else ()
    asks = work.step.materials if work.is_open else None
    return {
        "work": work,
        "number": work.record.number,
        "step_title": _in(work.step.title),
        "is_open": work.is_open,
        "panel_template": panel.template if panel else MINIMAL,
        "p": panel.context(work) if panel else {},
        "f": {deed.key: tried.get(deed.key) or form_of(deed, work) for deed in deeds},
        "deeds": deeds,
        "tried": next(iter(tried), ""),
        "who": who_does(work, None),
        "materials": MATERIALS[asks.source](work.record) if asks and panel is None else (),
    }


def may_reveal(record: CaseRecord, actor: Actor) -> bool:
    """Whether masked values of this case can be asked for in clear."""
    return may(actor, Permission.UNMASK) and reveal_of(record.process) is not None


def _in(text: Any) -> str:
    return str(text.in_language(get_language() or "zh-hans"))


def _in_dialog(deed: Deed) -> bool:
    return bool(deed.form) and not deed.is_in_page and bool(deed.outcome)


def _time_bar(work: Work, shown: StepView) -> TimeBar:
    """How much of the step's time is used, of whoever's time it counts."""
    view, counted = shown.rounds[0], work.step.counted_sides
    used = (view.ours if Side.OURS in counted else timedelta()) + (
        view.theirs if Side.THEIRS in counted else timedelta()
    )
    if view.due_at is None:
        return TimeBar(used, is_paused=True)
    hours = calendar(work.record.definition.calendar)
    left = hours.working_between(work.now, view.due_at)
    return TimeBar(used, used + left, working_day=hours.working_day)


def _tabs(work: Work) -> list[dict[str, Any]]:
    """The open steps and the one that is looked at."""
    shown = []
    for step in work.record.definition.steps:
        state = work.record.state.steps.get(step.key)
        if state is None or not (state.is_open or step.key == work.step.key):
            continue
        waits = "" if state.ball is Ball.US else ball_word(state.ball)
        shown.append(
            {
                "title": _in(step.title),
                "url": f"?step={step.key}",
                "is_on": step.key == work.step.key,
                "waits": waits if state.is_open else _("已结束"),
                "late": state.is_open and state.is_breached,
            }
        )
    return shown


def ball_word(ball: Ball) -> str:
    """Who has to act, in a word."""
    words = {
        Ball.US: _("轮到我们"),
        Ball.CUSTOMER: _("等客户"),
        Ball.REGISTRY: _("等车管所"),
        Ball.BANK: _("等银行"),
        Ball.BUREAU: _("等征信机构"),
        Ball.CO_SIGNER: _("等共同借款人或担保人"),
    }
    return str(words.get(ball, _("等外部机构")))


def stage_rail(record: CaseRecord) -> StageRail:
    """The stages as the customer sees them, the present one named."""
    definition, state = record.definition, record.state
    places = definition.stage_places
    at = [places[definition.by_key[one.key].stage] for one in state.steps.values() if one.is_open]
    now = min(at) if at else (len(places) if record.status == definition.completes else -1)
    done = {definition.by_key[one.key].stage for one in state.steps.values()}
    stages = []
    for place, stage in enumerate(definition.stages):
        if now >= 0:
            at_stage = StageState.DONE if place < now else StageState.TODO
            one = StageState.NOW if place == now else at_stage
        else:
            one = StageState.DONE if stage.key in done else StageState.TODO
        stages.append(Stage(_in(stage.title), one))
    return StageRail(tuple(stages))


def who_does(work: Work, shown: StepView | None) -> str:
    """Whose work the step is, in a sentence; the owner's name where the page has it."""
    state, step = work.record.state.steps.get(work.step.key), work.step
    if state is None:
        return ""
    if not work.is_open:
        return _("由 %(who)s 办理") % {"who": actor_name(state.by_name) or _("系统")}
    if step.owner.kind is OwnerKind.CUSTOMER:
        return _("等客户办理")
    if step.owner.kind is OwnerKind.SYSTEM:
        return _("系统自动办理") if state.ball is Ball.US else ball_word(state.ball)
    if shown is not None and shown.rounds and shown.rounds[0].owner_name:
        return _("经办 %(who)s") % {"who": shown.rounds[0].owner_name}
    return _("经办 %(who)s") % {"who": role_title(step.owner.role)} if state.owner else _("还没有人领取")


def _note(work: Work, view: CaseView) -> str:
    if not work.record.state.is_open:
        return _("案件已结束：%(status)s") % {"status": _in(view.status_title)}
    return "" if work.is_open else _("这一步已结束")


def _actions(work: Work, view: CaseView, shown: StepView, deeds: tuple[Deed, ...]) -> tuple[Action, ...]:
    """Hand over and take, then the step's own deeds, the usual one last."""
    if not work.is_open:
        return ()
    found: list[Action] = []
    state = work.record.state.steps[work.step.key]
    is_role = work.step.owner.kind is OwnerKind.ROLE
    if is_role and may(work.actor, Permission.REASSIGN):
        query = urlencode({"step": str(shown.rounds[0].step_id), "next": _here(work)})
        found.append(Action(_("转交"), url=f"{reverse('desk:reassign')}?{query}", method="get", shortcut="t"))
    if is_role and state.owner != reference(work.actor) and may_do(work.step, work.actor):
        hidden = (("step", work.step.key), ("next", _here(work)))
        url = reverse("desk:claim", args=[work.record.number])
        found.append(Action(_("领取"), url=url, hidden=hidden))
    return (*found, *(_action(work, view, deed) for deed in sorted(deeds, key=_weight)))


def _weight(deed: Deed) -> int:
    return 1 if deed.is_primary else 0


def _here(work: Work) -> str:
    return f"{reverse('desk:case', args=[work.record.number])}?step={work.step.key}"


def _action(work: Work, view: CaseView, deed: Deed) -> Action:
    """The button of a deed: possible, asking for a fresh code, or disabled with the sentence why."""
    objections = objections_to(deed, work, view)
    asks_code = deed.needs_step_up and any(one.rule == STEP_UP_RULE for one in objections)
    others = [one for one in objections if one.rule != STEP_UP_RULE]
    opens, submits = "", ""
    if asks_code and not others:
        opens = "step-up"
    elif _in_dialog(deed) or (deed.form is None):
        opens = f"deed-{deed.key}"
    else:
        submits = f"deed-{deed.key}"
    return Action(
        deed.label,
        is_primary=deed.is_primary,
        is_danger=deed.is_danger,
        why_not=told(others),
        opens=opens,
        submits=submits,
        shortcut=deed.shortcut,
    )


def told(findings: Sequence[Finding]) -> str:
    """What stands in the way, each once."""
    return _("；").join(dict.fromkeys(said(one).rstrip("。.") for one in findings))


def happenings(work: Work) -> dict[str, Any]:
    """The timeline, newest first; what is veiled says only that something was decided."""
    entries = [one for one in timeline(work.record.id, work.actor)[::-1] if one.type not in INNER]
    lines = tuple(_happening(entry, work) for entry in entries)
    return {"timeline": Timeline(lines[:LATEST]), "earlier": Timeline(lines[LATEST:])}


def _happening(entry: TimelineEntry, work: Work) -> Happening:
    hidden = entry.step in work.veiled and entry.type in TELLING
    who = {ActorKind.SYSTEM: _("系统"), ActorKind.CUSTOMER: _("客户")}.get(entry.actor_kind, entry.actor_name)
    language = get_language() or "zh-hans"
    line = telling(entry, work.record.definition, language)
    proof = _("凭证 %(hash)s") % {"hash": entry.commitment[:8]} if entry.is_sealed else ""
    return Happening(
        at=entry.occurred_at,
        title=_("独立审批意见已提交，您完成后可见") if hidden else line,
        who=_("一位同事") if hidden else who,
        detail=proof,
        tone=Tone.OK if entry.is_sealed else Tone.IDLE,
        is_mine=entry.actor_kind is ActorKind.STAFF and entry.actor_name == work.actor.name,
    )


def role_title(role: str) -> str:
    """A role in the language of the page."""
    return _in(ROLES[role].title) if role in ROLES else role


def status_badge(view: CaseView) -> Badge:
    """The case's status."""
    is_done = view.record.status == view.record.definition.completes
    if view.record.state.is_open:
        return Badge(_("办理中"), Tone.INFO)
    return Badge(_in(view.status_title), Tone.OK if is_done else Tone.IDLE)
