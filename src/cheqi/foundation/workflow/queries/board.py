"""The board of a process: how many steps each stage has open, how long they wait, the most urgent ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.core.process.state import OPEN
from cheqi.foundation.short_lists import together
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.queries.lines import WorkLine, lines_of
from cheqi.foundation.workflow.rows import moment

CARDS = 20


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage: its open steps, how many missed their target, the median working time they wait."""

    key: str
    title: Text
    count: int
    breached: int
    median_wait: timedelta | None
    working_day: timedelta
    cards: list[WorkLine]


def board(process: str, actor: Actor, now: datetime) -> list[StageColumn]:
    """The stages in their order with up to 20 cards each, missed targets first.

    Five statements whatever the number of cases; nothing where the process was never published.
    """
    row = in_force(process, now.date())
    if row is None:
        return []
    definition = definition_of(row)
    steps = visible(StepRow.objects.all(), actor, party=None, case="case_id").filter(
        process=process, status=OPEN
    )
    counted = _counts(steps, now)
    waits = _medians(steps, {stage: count for stage, (count, _) in counted.items()})
    cards = _cards(steps, [stage.key for stage in definition.stages], now)
    hours = calendar(definition.calendar)
    return [
        StageColumn(
            key=stage.key,
            title=stage.title,
            count=counted.get(stage.key, (0, 0))[0],
            breached=counted.get(stage.key, (0, 0))[1],
            median_wait=hours.working_between(waits[stage.key], now) if stage.key in waits else None,
            working_day=hours.working_day,
            cards=cards.get(stage.key, []),
        )
        for stage in definition.stages
    ]


def _counts(steps: "QuerySet[StepRow]", now: datetime) -> dict[str, tuple[int, int]]:
    late = Count("pk", filter=Q(due_at__lte=now))
    rows = steps.order_by().values("stage").annotate(open_steps=Count("pk"), late=late)
    return {row["stage"]: (row["open_steps"], row["late"]) for row in rows}


def _medians(steps: "QuerySet[StepRow]", counts: dict[str, int]) -> dict[str, datetime]:
    """When the middle one of each stage opened: an index walk to the middle, no sorting of all."""
    middles = [
        steps.filter(stage=stage).order_by("opened_at").values_list("stage", "opened_at")[middle : middle + 1]
        for stage, middle in ((stage, count // 2) for stage, count in sorted(counts.items()))
    ]
    found = together(middles) if middles else []
    return {stage: at for stage, opened_at in found if (at := moment(opened_at)) is not None}


def _cards(steps: "QuerySet[StepRow]", stages: list[str], now: datetime) -> dict[str, list[WorkLine]]:
    """The most urgent steps of each stage, all stages in one statement."""
    urgent = [
        steps.filter(stage=stage, due_at__isnull=False)
        .order_by("due_at", "id")
        .values_list("pk", flat=True)[:CARDS]
        for stage in stages
    ]
    ids = [row_id for (row_id,) in together(urgent)]
    found: dict[str, list[WorkLine]] = {}
    for line in lines_of(StepRow.objects.filter(pk__in=ids).order_by("due_at", "id"), now):
        found.setdefault(line.stage, []).append(line)
    return found
