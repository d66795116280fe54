"""The work of members of staff by a program: the queue, a case with what can be done, taking and doing it.

Everything goes through the deeds that the desk offers (`ui.casework`), their forms and operations, so roles,
four eyes, guards and the fresh second factor are the desk's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from django.http import HttpRequest
from django.utils import translation
from ninja import Query, Router

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.definition import OwnerKind, Step
from cheqi.core.process.discretion import veiled
from cheqi.core.process.people import may_do, reference
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow import operations
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.moving import acting
from cheqi.foundation.workflow.people import candidates
from cheqi.foundation.workflow.queries import CaseView, QueueFilters, WorkLine, case_view, queue
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.records.applications.queries import wishes
from cheqi.records.parties.queries import names_of
from cheqi.ui.casework import Deed, Work, overtaken, panel_of
from cheqi.web.api.answers import Call, Routes, call_of
from cheqi.web.api.deeds import cleaned, described, why_not, with_way
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.queries import case_id_of
from cheqi.web.api.routes.applications import Number
from cheqi.web.api.routes.cases import step_shapes
from cheqi.web.api.scopes import STAFF
from cheqi.web.api.shapes import Moved, finding_shapes, moved
from cheqi.web.api.staff_shapes import (
    ColleagueList,
    ColleagueShape,
    DeedShape,
    DeedWanted,
    FieldShape,
    HandedOver,
    OpenStep,
    QueueItem,
    QueueShape,
    QueueWanted,
    StaffCase,
    StepKey,
    Taken,
)

router = Router(tags=["staff: work"])
routes = Routes(router)
NO_STEP = refuse(
    RefusalKind.NOT_FOUND,
    "staff.step",
    Text("这个案件还没有到这一步", "The case has not come to that step"),
)
NO_DEED = refuse(
    RefusalKind.NOT_FOUND,
    "staff.deed",
    Text("这一步没有这项操作，可办的见 actions", "That step has no such deed: `actions` names them"),
)
MAY_NOT_REASSIGN = refuse(
    RefusalKind.NOT_ALLOWED, "workflow.reassign", Text("您没有改派任务的权限", "You may not reassign work")
)


@routes.get("queue", scope=STAFF, answer=QueueShape, summary="The queue")
def get_queue(request: HttpRequest, wanted: Query[QueueWanted]) -> QueueShape:
    """The open steps that wait for us, what breaches next first, then by value: as the desk's queue."""
    call = call_of(request)
    found = queue(call.actor, QueueFilters(**wanted.model_dump()), call.now)
    names = names_of((each.party_id for each in found.lines if each.party_id is not None), call.actor)
    cars = wishes((each.case_id for each in found.lines), call.actor)
    items = [
        _item(each, names.get(each.party_id or 0, ""), *cars.get(each.case_id, ("", 0)), call.language)
        for each in found.lines
    ]
    return QueueShape(items=items, total=found.total, page=found.page, pages=found.pages)


@routes.get("cases/{number}", scope=STAFF, answer=StaffCase, summary="A case with what can be done")
def get_staff_case(request: HttpRequest, number: Number) -> StaffCase | Refused:
    """Open steps, the deeds of each with their fields or why not, and every round.

    What one of two independent reviewers decided is not shown to the other before they have decided.
    """
    call = call_of(request)
    view = case_view(case_id_of(number, call.actor), call.actor, call.now)
    if isinstance(view, Refused):
        return view
    with _in(call.language):
        return _case(view, call)


@routes.post("cases/{number}/deeds", scope=STAFF, answer=Moved, summary="Do something at a step")
def do_deed(request: HttpRequest, number: Number, body: DeedWanted) -> Moved | Refused:
    """Carries a deed of `actions` out, as the desk does: reviewers' opinions, documents, the call, papers,
    the order to pay (with a second factor of the last ten minutes)."""
    call = call_of(request)
    record = _record(number, call)
    work = _work(record, body.step, call)
    panel = panel_of(record.process, work.step.key)
    deed = panel.deed(body.deed) if panel else None
    if deed is None:
        return NO_DEED
    if (refused := overtaken(work, body.round)) is not None:
        return refused
    with _in(call.language):
        given = cleaned(deed, body.given)
        if isinstance(given, Refused):
            return given
        done = deed.run(work, given, call.key)
    if isinstance(done, Refused):
        return Refused(done.kind, with_way(done.findings))
    return moved(done) if isinstance(done, CaseMoved) else _standing(_record(number, call))


@routes.post("cases/{number}/claim", scope=STAFF, answer=Moved, summary="Take a step")
def claim_step(request: HttpRequest, number: Number, body: Taken) -> Moved | Refused:
    """Takes an open step for oneself; who holds its role may, unless four eyes forbid it."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor)
    done = operations.claim(case_id=case_id, step=body.step, actor=call.actor, now=call.now, key=call.key)
    return done if isinstance(done, Refused) else moved(done)


@routes.get("cases/{number}/colleagues", scope=STAFF, answer=ColleagueList, summary="Who may be given a step")
def list_colleagues(
    request: HttpRequest,
    number: Number,
    step: Annotated[StepKey, Query(description="An open step.", examples=["review"])],
) -> ColleagueList | Refused:
    """Who holds the step's role at the case's branch. For who may reassign."""
    call = call_of(request)
    record = _record(number, call)
    if not may(call.actor, Permission.REASSIGN):
        return MAY_NOT_REASSIGN
    role = _work(record, step, call).step.owner.role
    people = candidates(role, record.branch_id, call.now)
    people.sort(key=lambda one: (one.is_absent, one.open_steps, one.reference))
    return ColleagueList(
        items=[
            ColleagueShape(
                id=int(one.reference.partition(":")[2]),
                name=one.name,
                open_count=one.open_steps,
                is_absent=one.is_absent,
            )
            for one in people
        ]
    )


@routes.post("cases/{number}/reassign", scope=STAFF, answer=Moved, summary="Hand a step over")
def reassign_step(request: HttpRequest, number: Number, body: HandedOver) -> Moved | Refused:
    """Gives an open step to a colleague of `colleagues`; needs the permission to reassign."""
    call = call_of(request)
    done = operations.reassign(
        case_id=case_id_of(number, call.actor),
        step=body.step,
        member_id=body.member_id,
        reason=body.reason,
        actor=call.actor,
        now=call.now,
        key=call.key,
    )
    return done if isinstance(done, Refused) else moved(done)


@contextmanager
def _in(language: str) -> Iterator[None]:
    """Labels and objections of forms in the caller's language."""
    with translation.override("en" if language == "en" else "zh-hans"):
        yield


def _record(number: str, call: Call) -> CaseRecord:
    loaded = load_case(case_id_of(number, call.actor))
    assert loaded is not None, "a case that was found is there"
    return loaded.record


def _work(record: CaseRecord, step: str, call: Call) -> Work:
    """The case at one of its steps. Raises Problem (404) for one that was not reached."""
    if step not in record.state.steps or step not in record.definition.by_key:
        raise of_refusal(NO_STEP)
    hidden = veiled(record.definition, record.state, call.actor)
    return Work(
        record=record,
        step=record.definition.by_key[step],
        actor=call.actor,
        now=call.now,
        veiled=hidden,
    )


def _standing(record: CaseRecord) -> Moved:
    """Where a case stands that did not move."""
    steps = tuple((one.key, one.round) for one in record.state.steps.values() if one.is_open)
    answer = CaseMoved(record.id, record.number, record.process, record.status, record.version, steps)
    return moved(answer)


def _item(line: WorkLine, customer: str, car: str, amount_fen: int, language: str) -> QueueItem:
    return QueueItem(
        step_id=line.step_id,
        number=line.number,
        process=line.process,
        step=line.step,
        round=line.round,
        title=line.title.in_language(language),
        stage=line.stage,
        customer=customer,
        car=car,
        amount_fen=amount_fen or line.value_fen,
        owner=line.owner_name,
        opened_at=line.opened_at,
        due_at=line.due_at,
        standing=line.standing.name,
    )


def _case(view: CaseView, call: Call) -> StaffCase:
    record = view.record
    names = names_of([record.party_id], call.actor) if record.party_id is not None else {}
    is_open = [
        step
        for step in record.definition.steps
        if step.key in record.state.steps and record.state.steps[step.key].is_open
    ]
    return StaffCase(
        number=record.number,
        process=record.process,
        status=record.status,
        branch_id=record.branch_id,
        opened_at=record.opened_at,
        closed_at=record.state.closed_at,
        version=record.version,
        status_title=view.status_title.in_language(call.language),
        customer=names.get(record.party_id or 0, ""),
        open_steps=[_open_step(step, view, call) for step in is_open],
        actions=[shape for step in is_open for shape in _deeds(_work(record, step.key, call), view, call)],
        steps=step_shapes(view, call),
    )


def _open_step(step: Step, view: CaseView, call: Call) -> OpenStep:
    record = view.record
    state, is_role = record.state.steps[step.key], step.owner.kind is OwnerKind.ROLE
    here = acting(call.actor, record.branch_id, call.now)
    shown = next(one for one in view.steps if one.key == step.key)
    is_mine = state.owner == reference(call.actor)
    return OpenStep(
        step=step.key,
        round=state.round,
        title=step.title.in_language(call.language),
        ball=state.ball.value,
        owner=shown.rounds[0].owner_name if shown.rounds else "",
        is_mine=is_mine,
        may_take=is_role and not is_mine and may_do(step, here),
        may_hand_over=is_role and may(call.actor, Permission.REASSIGN),
    )


def _deeds(work: Work, view: CaseView, call: Call) -> list[DeedShape]:
    panel = panel_of(work.record.process, work.step.key)
    return [_deed(deed, work, view, call) for deed in (panel.offered(work) if panel else ())]


def _deed(deed: Deed, work: Work, view: CaseView, call: Call) -> DeedShape:
    findings = why_not(deed, work, view)
    return DeedShape(
        step=work.step.key,
        round=work.round,
        deed=deed.key,
        outcome=deed.outcome,
        title=str(deed.label),
        needs_step_up=deed.needs_step_up,
        is_possible=not findings,
        why_not=finding_shapes(findings, call.language),
        fields=[FieldShape.model_validate(each) for each in described(deed, work)],
    )
