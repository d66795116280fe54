"""The shapes of members' work: the queue, a case with what can be done, a deed, handing over."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from cheqi.foundation.workflow.queries import Whose
from cheqi.web.api.routes.cases import CaseLineShape, StepShape, Word
from cheqi.web.api.shapes import AT, NUMBER, FindingShape

Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
Given = Annotated[str, Field(max_length=1000)] | bool | Whole | list[str] | None
StepKey = Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$", examples=["review"])]
Round = Annotated[int, Field(ge=1, le=10_000, examples=[1])]


class QueueWanted(Schema):
    """What to show; empty words mean all."""

    whose: Whose = Field(
        default=Whose.MINE,
        description="Mine; free for my roles; all of my roles; all I may see.",
        examples=["MINE"],
    )
    process: Word = Field(default="", examples=["application"])
    stage: Word = Field(default="", examples=["decision"])
    step: Word = Field(default="", examples=["review"])
    is_breached: bool = Field(default=False, description="Only what missed its target.")
    page: int = Field(default=1, ge=1, le=10_000)


class QueueItem(Schema):
    """An open step that waits, with what it is about."""

    step_id: int = Field(examples=[381])
    number: str = Field(examples=[NUMBER])
    process: str = Field(examples=["application"])
    step: str = Field(examples=["review"])
    round: int = Field(examples=[1])
    title: str = Field(examples=["额度审批"])
    stage: str = Field(examples=["decision"])
    customer: str = Field(examples=["李雷"])
    car: str = Field(examples=["示例 轿车"])
    amount_fen: int = Field(examples=[10000000])
    owner: str = Field(description="Empty: nobody has taken it.", examples=["赵磊"])
    opened_at: datetime = Field(examples=[AT])
    due_at: datetime | None = Field(default=None, examples=[AT])
    standing: str = Field(description="ON_TIME, AMBER or BREACHED", examples=["ON_TIME"])


class QueueShape(Schema):
    """One page of the queue, most urgent first."""

    items: list[QueueItem]
    total: int = Field(examples=[12])
    page: int = Field(examples=[1])
    pages: int = Field(examples=[1])


class FieldShape(Schema):
    """A field of a deed: how it is given, and what is known already."""

    name: str = Field(examples=["reasons"])
    kind: str = Field(
        description="text, choice, choices, integer, boolean, date, money_fen", examples=["text"]
    )
    label: str = Field(examples=["审批意见"])
    help: str = Field(default="", examples=["客户会看到"])
    is_required: bool
    choices: list[dict[str, str]] = []
    known: str | int | bool | None = Field(default=None, examples=["浙A12345"])


class DeedShape(Schema):
    """What can be done at an open step, or why not. With an `outcome` it ends the step."""

    step: str = Field(examples=["review"])
    round: int = Field(examples=[1])
    deed: str = Field(examples=["approve"])
    outcome: str = Field(examples=["approve"])
    title: str = Field(examples=["同意"])
    needs_step_up: bool
    is_possible: bool
    why_not: list[FindingShape]
    fields: list[FieldShape]


class OpenStep(Schema):
    """A step that waits for somebody."""

    step: str = Field(examples=["review"])
    round: int = Field(examples=[1])
    title: str = Field(examples=["额度审批"])
    ball: str = Field(examples=["us"])
    owner: str = Field(examples=["赵磊"])
    is_mine: bool
    may_take: bool
    may_hand_over: bool


class StaffCase(CaseLineShape):
    """A case before a colleague: what is open and what they can do."""

    version: int = Field(examples=[4])
    status_title: str = Field(examples=["办理中"])
    customer: str = Field(examples=["李雷"])
    open_steps: list[OpenStep]
    actions: list[DeedShape]
    steps: list[StepShape]


class DeedWanted(Schema):
    """A deed, the round of the step as you saw it, and its fields by name as `fields` says."""

    step: StepKey
    round: Round
    deed: Word = Field(examples=["approve"])
    given: dict[str, Given] = Field(
        default={}, max_length=30, examples=[{"comment": "收入稳定"}], description="Values by field name."
    )


class Taken(Schema):
    """A step to take for oneself."""

    step: StepKey


class HandedOver(Schema):
    """To whom a step goes, and why."""

    step: StepKey
    member_id: Annotated[int, Field(ge=1, le=2**53)] = Field(examples=[4])
    reason: str = Field(min_length=1, max_length=200, examples=["今天外出"])


class ColleagueShape(Schema):
    """Somebody who may be given the step, with what they have open."""

    id: int = Field(examples=[4])
    name: str = Field(examples=["赵磊"])
    open_count: int = Field(examples=[3])
    is_absent: bool


class ColleagueList(Schema):
    """Who may be given a step, least loaded first."""

    items: list[ColleagueShape]
