"""Cases: lists, one case with its steps and actions, the timeline, and the steps that a program may do."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.discretion import veiled
from cheqi.foundation.eventlog.operations import evidence_bundle
from cheqi.foundation.eventlog.queries import timeline
from cheqi.foundation.workflow.definitions import definition_of_case
from cheqi.foundation.workflow.operations import finish_step
from cheqi.foundation.workflow.queries import CaseView, case_view
from cheqi.web.api.answers import Call, Routes, call_of
from cheqi.web.api.pages import Cursor, Limit, cut, decode
from cheqi.web.api.queries import case_id_of, cases
from cheqi.web.api.routes.applications import Number
from cheqi.web.api.shapes import AT, NUMBER, FindingShape, Moved, finding_shapes, moved
from cheqi.web.telling import told

router = Router(tags=["cases"])
routes = Routes(router)
Word = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z_]*$")]
BY_PROGRAM = frozenset(
    {
        ("application", "call_customer", "confirmed"),
        ("application", "call_customer", "return"),
        ("application", "verify_documents", "return"),
    }
)
PEOPLE_ONLY = Text(
    "这一步由有权限的人员办理：在工作台，或用员工会话 POST staff/cases/{number}/deeds",
    "A member of staff with that role does this: at the desk, or by a session of theirs with"
    " POST staff/cases/{number}/deeds",
)
VEILED = refuse(
    RefusalKind.NOT_NOW,
    "api.veiled",
    Text("独立复核完成后才能下载凭证", "The evidence can be had after the second decision"),
)


class CaseLineShape(Schema):
    """A case of a list."""

    number: str = Field(examples=[NUMBER])
    process: str = Field(examples=["application"])
    status: str = Field(examples=["OPEN"])
    branch_id: int | None = Field(default=None, examples=[1])
    opened_at: datetime = Field(examples=[AT])
    closed_at: datetime | None = None


class CasePage(Schema):
    """A page of cases, newest first."""

    items: list[CaseLineShape]
    next_cursor: str | None = Field(default=None, description="None on the last page.", examples=["aWQ6Mzgx"])


class RoundShape(Schema):
    """A round of a step: whose turn it is or was, and until when."""

    round: int = Field(examples=[1])
    status: str = Field(examples=["OPEN"])
    ball: str = Field(description="us, customer, co_signer, bank, bureau or registry", examples=["customer"])
    opened_at: datetime = Field(examples=[AT])
    due_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str = Field(default="", examples=["complete"])
    reason: str = ""


class StepShape(Schema):
    """A step with its rounds, latest first; none where it was not reached."""

    key: str = Field(examples=["collect_materials"])
    title: str = Field(examples=["提交资料"])
    stage: str = Field(examples=["materials"])
    rounds: list[RoundShape]


class ActionShape(Schema):
    """What may be done with an open step, or why not."""

    step: str = Field(examples=["call_customer"])
    round: int = Field(examples=[1])
    outcome: str = Field(examples=["confirmed"])
    title: str = Field(examples=["电话核实"])
    is_possible: bool
    why_not: list[FindingShape]


class CaseShape(CaseLineShape):
    """A case with its steps and actions."""

    version: int = Field(examples=[4])
    status_title: str = Field(examples=["办理中"])
    steps: list[StepShape]
    actions: list[ActionShape]


class EventShape(Schema):
    """One line of the timeline, in the customer's words. `commitment` is what the log's tree holds."""

    type: str = Field(examples=["process.case_opened"])
    sentence: str = Field(examples=["您的车贷申请已开始，编号 CQ-2026-000381"])
    occurred_at: datetime = Field(examples=[AT])
    recorded_at: datetime = Field(examples=[AT])
    is_sealed: bool
    commitment: str = Field(examples=["9f" * 32])


class EventList(Schema):
    """The events of a case, oldest first."""

    items: list[EventShape]


class Finish(Schema):
    """A step to finish: its round as you saw it, the outcome, and why."""

    step: Word = Field(examples=["call_customer"])
    outcome: Word = Field(examples=["confirmed"])
    round: int | None = Field(default=None, ge=1, le=10_000, examples=[1])
    reason: str = Field(default="", max_length=500, examples=["电话已核实"])


@routes.get("", scope="cases:read", answer=CasePage, summary="Cases in pages")
def list_cases(
    request: HttpRequest,
    process: Annotated[Word, Query("", examples=["application"])],
    status: Annotated[Word, Query("", examples=["OPEN"])],
    cursor: Cursor,
    limit: Limit,
) -> CasePage:
    """The cases of the client's branches, newest first."""
    call = call_of(request)
    rows = cases(call.actor, process=process, status=status, before=decode(cursor), limit=limit + 1)
    page, following = cut(rows, limit, lambda row: row.id)
    return CasePage(items=[_line(row) for row in page], next_cursor=following)


@routes.get("{number}", scope="cases:read", answer=CaseShape, summary="One case")
def get_case(request: HttpRequest, number: Number) -> CaseShape | Refused:
    """The case with every step and round, and what this client may do now."""
    call = call_of(request)
    view = case_view(case_id_of(number, call.actor), call.actor, call.now)
    return view if isinstance(view, Refused) else _case(view, call)


@routes.get("{number}/timeline", scope="cases:read", answer=EventList, summary="What happened")
def case_timeline(request: HttpRequest, number: Number) -> EventList:
    """The events that are meant for the customer, at most the newest 1,000."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor)
    entries = timeline(case_id, call.actor)
    definition = definition_of_case(case_id) if entries else None
    return EventList(
        items=[
            EventShape(
                type=each.type,
                sentence=told(each, definition, call.language),
                occurred_at=each.occurred_at,
                recorded_at=each.recorded_at,
                is_sealed=each.is_sealed,
                commitment=each.commitment,
            )
            for each in entries
        ]
    )


@routes.get("{number}/evidence", scope="evidence:read", answer=None, summary="Evidence bundle (zip)")
def case_evidence(request: HttpRequest, number: Number) -> HttpResponse | Refused:
    """The sealed events with their proofs and a stand-alone verifier, as a zip."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor)
    view = case_view(case_id, call.actor, call.now)
    if isinstance(view, Refused):
        return view
    if veiled(view.record.definition, view.record.state, call.actor):
        return VEILED
    made = evidence_bundle(case_id, actor=call.actor, now=call.now)
    if isinstance(made, Refused):
        return made
    response = HttpResponse(made, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="evidence-{number.upper()}.zip"'
    return response


@routes.post("{number}/steps", scope="cases:back_office", answer=Moved, summary="Finish a step")
def finish_case_step(request: HttpRequest, number: Number, body: Finish) -> Moved | Refused:
    """Finishes a step that a program may do (`actions` of the case names them).

    Opinions of reviewers, clerks' verification and the order to pay out are people's: 403. A member's session
    does them with `staff/cases/{number}/deeds`.
    """
    call = call_of(request)
    case_id = case_id_of(number, call.actor)
    view = case_view(case_id, call.actor, call.now)
    if isinstance(view, Refused):
        return view
    if (view.record.process, body.step, body.outcome) not in BY_PROGRAM:
        return refuse(RefusalKind.NOT_ALLOWED, "api.people_only", PEOPLE_ONLY)
    done = finish_step(
        case_id=case_id,
        step=body.step,
        outcome=body.outcome,
        round=body.round,
        reason=body.reason,
        actor=call.actor,
        now=call.now,
        key=call.key,
    )
    return done if isinstance(done, Refused) else moved(done)


def _line(row: object) -> CaseLineShape:
    return CaseLineShape.model_validate(row, from_attributes=True)


def step_shapes(view: CaseView, call: Call) -> list[StepShape]:
    """Every step with its rounds; of a decision that is veiled from the caller only that it was made."""
    hidden = veiled(view.record.definition, view.record.state, call.actor)
    return [
        StepShape(
            key=step.key,
            title=step.title.in_language(call.language),
            stage=step.stage,
            rounds=[_round(each, is_hidden=step.key in hidden) for each in step.rounds],
        )
        for step in view.steps
    ]


def _round(row: object, *, is_hidden: bool) -> RoundShape:
    shape = RoundShape.model_validate(row, from_attributes=True)
    return shape.model_copy(update={"outcome": "", "reason": ""}) if is_hidden else shape


def _case(view: CaseView, call: Call) -> CaseShape:
    record, language = view.record, call.language
    return CaseShape(
        number=record.number,
        process=record.process,
        status=record.status,
        branch_id=record.branch_id,
        opened_at=record.opened_at,
        closed_at=record.state.closed_at,
        version=record.version,
        status_title=view.status_title.in_language(language),
        steps=step_shapes(view, call),
        actions=[
            ActionShape(
                step=each.step,
                round=each.round,
                outcome=each.outcome,
                title=each.title.in_language(language),
                is_possible=each.is_possible and (record.process, each.step, each.outcome) in BY_PROGRAM,
                why_not=finding_shapes(each.why_not, language),
            )
            for each in view.actions
            if (record.process, each.step, each.outcome) in BY_PROGRAM
        ],
    )
