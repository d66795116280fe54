"""What lists and pages show of an open step: its words, its standing, its time left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from cheqi.core.base.text import Text
from cheqi.core.process.clocks import Standing
from cheqi.foundation.staff.models import Member
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.definitions import by_hash
from cheqi.foundation.workflow.models import StepRow


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One open step. `left` is working time to the target, negative when missed, None while paused; a
    `working_day` is what a day of `left` and `age` is worth."""

    step_id: int
    case_id: int
    number: str
    process: str
    process_title: Text
    step: str
    round: int
    title: Text
    stage: str
    ball: str
    owner_role: str
    owner_id: int | None
    owner_name: str
    party_id: int | None
    branch_id: int | None
    value_fen: int
    opened_at: datetime
    due_at: datetime | None
    age: timedelta
    left: timedelta | None
    working_day: timedelta
    standing: Standing


_COLUMNS = (
    "pk", "case_id", "case__number", "process", "case__definition__content_hash", "key", "round",
    "stage", "ball", "owner_role", "owner_id",
    "case__party_id", "branch_id", "value_fen", "opened_at", "amber_at", "due_at",
)  # fmt: skip


def lines_of(steps: "QuerySet[StepRow]", now: datetime) -> list[WorkLine]:
    """The lines of step rows in their order, with the names of their owners: one statement."""
    owner = Member.objects.filter(pk=OuterRef("owner_id")).values("name")
    found = steps.annotate(owner_name=Subquery(owner)).values_list(*_COLUMNS, "owner_name")
    return [_line(row, now) for row in found]


def owner_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of members, in one statement."""
    wanted = {one for one in ids if one is not None}
    return dict(Member.objects.filter(pk__in=wanted).values_list("pk", "name"))


def standing_of(amber_at: datetime | None, due_at: datetime | None, now: datetime) -> Standing:
    """On time, amber or breached, from the times that the clock had computed."""
    if due_at is not None and due_at <= now:
        return Standing.BREACHED
    return Standing.AMBER if amber_at is not None and amber_at <= now else Standing.ON_TIME


def _line(row: tuple[Any, ...], now: datetime) -> WorkLine:
    (step_id, case_id, number, process, content_hash, key, number_of_round, stage, ball, role, owner_id) = (
        row[:11]
    )
    party_id, branch_id, value_fen, opened_at, amber_at, due_at, owner_name = row[11:]
    definition = by_hash(content_hash)
    hours = calendar(definition.calendar)
    step = definition.by_key[key]
    return WorkLine(
        step_id=step_id,
        case_id=case_id,
        number=number,
        process=process,
        process_title=definition.title,
        step=key,
        round=number_of_round,
        title=step.title,
        stage=stage,
        ball=ball,
        owner_role=role,
        owner_id=owner_id,
        owner_name=owner_name or "",
        party_id=party_id,
        branch_id=branch_id,
        value_fen=value_fen,
        opened_at=opened_at,
        due_at=due_at,
        age=hours.working_between(opened_at, now),
        left=hours.working_between(now, due_at) if due_at else None,
        working_day=hours.working_day,
        standing=standing_of(amber_at, due_at, now),
    )
