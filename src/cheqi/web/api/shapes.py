"""The shapes that many answers share. Titles and messages are in the language of the request."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from cheqi.core.base.findings import Finding
from cheqi.foundation.workflow.answers import CaseMoved

NUMBER = "CQ-2026-000381"
AT = "2026-11-23T01:30:00Z"


class FindingShape(Schema):
    """One objection: the rule, what happened and what to do next, the input, the source of the rule."""

    rule: str = Field(examples=["application.price_fen"])
    message: str = Field(examples=["车价须大于零"])
    field: str = Field(default="", examples=["price_fen"])
    clause: str = Field(default="", examples=["汽车贷款管理办法 第二十四条"])


class ErrorShape(Schema):
    """`kind` decides what a program does; `findings` are every objection at once."""

    kind: str = Field(
        description="INVALID 422 · NOT_ALLOWED 403 · NOT_FOUND 404 (also what you may not see) · NOT_NOW and "
        "CONFLICT 409 · TOO_MANY 429 · BAD_REQUEST 400 · UNAUTHENTICATED 401 · BAD_METHOD 405 · "
        "TOO_LARGE 413 · INTERNAL 500 · UNAVAILABLE 503",
        examples=["INVALID"],
    )
    findings: list[FindingShape]


class ErrorAnswer(Schema):
    """The one shape of every error."""

    error: ErrorShape


class StepRef(Schema):
    """An open step: its key and round."""

    step: str = Field(examples=["collect_materials"])
    round: int = Field(examples=[1])


class Moved(Schema):
    """Where a case stands behind a move."""

    number: str = Field(examples=[NUMBER])
    status: str = Field(examples=["OPEN"])
    version: int = Field(description="Grows by one with every move of the case.", examples=[4])
    open_steps: list[StepRef]


class Challenge(Schema):
    """A code is on its way to the customer's mobile: give the challenge back with it."""

    challenge: str = Field(examples=["5f0c3a52-6c1e-4d67-9d1e-2f1f6f2d7a10"])
    expires_at: datetime = Field(examples=[AT])


class Done(Schema):
    """It is done."""

    done: bool = True


def moved(answer: CaseMoved) -> Moved:
    """The shape of a move."""
    steps = [StepRef(step=key, round=number) for key, number in answer.open_steps]
    return Moved(number=answer.number, status=answer.status, version=answer.version, open_steps=steps)


def finding_shapes(findings: tuple[Finding, ...], language: str) -> list[FindingShape]:
    """Findings in one language."""
    return [
        FindingShape(
            rule=each.rule, message=each.message.in_language(language), field=each.field, clause=each.clause
        )
        for each in findings
    ]
