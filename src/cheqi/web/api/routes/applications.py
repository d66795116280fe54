"""Applications: what is asked, and the way from the first answer to the sent application."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from cheqi.areas.origination.operations.drafting import Saved, answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.areas.origination.queries import answers_of, draft_of
from cheqi.areas.origination.questions import QUESTIONS, SCREENS, Question, asked
from cheqi.core.base.findings import Refused
from cheqi.records.applications.queries import dealers
from cheqi.web.api.answers import Routes, call_of
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.pages import Id
from cheqi.web.api.queries import NO_CASE, case_id_of
from cheqi.web.api.shapes import AT, NUMBER, FindingShape, Moved, finding_shapes, moved

router = Router(tags=["applications"])
routes = Routes(router)
PROCESS = "application"
Number = Annotated[str, Path(max_length=24, examples=[NUMBER])]
Text200 = Annotated[str, Field(max_length=200)]


class ChoiceShape(Schema):
    """One answer that may be chosen."""

    value: str = Field(examples=["NEW"])
    title: str = Field(examples=["新车"])


class QuestionShape(Schema):
    """One question. Money is entered in yuan (`128600`, `12.86万`) and kept in fen; dates as 2021-06-14."""

    key: str = Field(examples=["condition"])
    screen: str = Field(examples=["车辆"])
    kind: str = Field(examples=["CHOICE"])
    label: str = Field(examples=["新车还是二手车"])
    help: str = Field(default="", examples=["不同类型需要的资料不同"])
    is_required: bool = True
    is_always_asked: bool = Field(default=True, description="False: it depends on other answers.")
    choices: list[ChoiceShape] = []


class DealerShape(Schema):
    """A dealer that a loan can be paid to."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["示例汽车销售有限公司"])


class QuestionsShape(Schema):
    """Everything an application asks."""

    questions: list[QuestionShape]
    dealers: list[DealerShape]


class NewApplication(Schema):
    """For whom and at which branch."""

    branch_id: Id = Field(examples=[1])
    mobile: str = Field(max_length=20, description="The customer's own number.", examples=["13800138866"])


class Entered(Schema):
    """Answers by question key, as a person would enter them; an empty text takes an answer back."""

    answers: dict[str, Text200] = Field(
        max_length=100, examples=[{"condition": "NEW", "price_fen": "150000", "term_months": "36"}]
    )


class ApplicationShape(Schema):
    """An application as far as it is answered."""

    number: str = Field(examples=[NUMBER])
    is_sent: bool = False
    answers: dict[str, Any] = Field(examples=[{"condition": "NEW", "price_fen": 15000000}])
    open_questions: list[str] = Field(
        description="Required and not answered yet.", examples=[["term_months"]]
    )
    findings: list[FindingShape] = Field(description="What was entered and could not be kept.")
    changed_at: datetime | None = Field(default=None, examples=[AT])


@routes.get("questions", scope="applications:read", answer=QuestionsShape, summary="What is asked")
def application_questions(request: HttpRequest) -> QuestionsShape:
    """All questions in their order, with their choices, and the dealers to choose from."""
    call = call_of(request)
    return QuestionsShape(
        questions=[_question(each, call.language) for each in QUESTIONS.values()],
        dealers=[DealerShape(id=each.pk, name=each.name) for each in dealers(call.actor)],
    )


@routes.post(
    "", scope="applications:write", answer=ApplicationShape, status=201, summary="Start an application"
)
def start_application(request: HttpRequest, body: NewApplication) -> ApplicationShape | Refused:
    """Opens a case with an empty draft for the customer with this mobile."""
    call = call_of(request)
    draft = start(branch_id=body.branch_id, mobile=body.mobile, actor=call.actor, now=call.now, key=call.key)
    if isinstance(draft, Refused):
        return draft
    return _application(draft.number, Saved(draft.case_id, answers_of(draft), ()), call.language)


@routes.get("{number}", scope="applications:read", answer=ApplicationShape, summary="One application")
def get_application(request: HttpRequest, number: Number) -> ApplicationShape:
    """The answers so far, and what is still asked."""
    call = call_of(request)
    draft = draft_of(case_id_of(number, call.actor, process=PROCESS), call.actor)
    if draft is None:
        raise of_refusal(NO_CASE)
    shape = _application(draft.number, Saved(draft.case_id, answers_of(draft), ()), call.language)
    shape.is_sent, shape.changed_at = draft.application_id is not None, draft.changed_at
    return shape


@routes.patch("{number}/answers", scope="applications:write", answer=ApplicationShape, summary="Save answers")
def save_answers(request: HttpRequest, number: Number, body: Entered) -> ApplicationShape | Refused:
    """Keeps every answer that can be so; the others come back as findings, one an answer."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor, process=PROCESS)
    saved = answer(case_id=case_id, entered=body.answers, actor=call.actor, now=call.now)
    if isinstance(saved, Refused):
        return saved
    shape = _application(number, saved, call.language)
    shape.changed_at = call.now
    return shape


@routes.post("{number}/submit", scope="applications:write", answer=Moved, summary="Send the application")
def submit_application(request: HttpRequest, number: Number) -> Moved | Refused:
    """Turns the answers into an application, or says everything that is missing or cannot be."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor, process=PROCESS)
    done = submit(case_id=case_id, actor=call.actor, now=call.now, key=call.key)
    return done if isinstance(done, Refused) else moved(done)


def _question(question: Question, language: str) -> QuestionShape:
    return QuestionShape(
        key=question.key,
        screen=SCREENS[question.screen].in_language(language),
        kind=question.kind.value,
        label=question.label.in_language(language),
        help=question.help.in_language(language) if question.help else "",
        is_required=question.is_required,
        is_always_asked=question.when({}),
        choices=[
            ChoiceShape(value=value, title=title.in_language(language)) for value, title in question.choices
        ],
    )


def _application(number: str, saved: Saved, language: str) -> ApplicationShape:
    wanted = [each.key for each in asked(saved.answers) if each.is_required]
    return ApplicationShape(
        number=number.upper(),
        answers=dict(saved.answers),
        open_questions=[key for key in wanted if saved.answers.get(key) in (None, "")],
        findings=finding_shapes(saved.findings, language),
    )
