"""My queue: the open steps that wait for me or my roles, what breaches next first, then by value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from cheqi.core.base.actors import Actor
from cheqi.core.process.definition import Ball
from cheqi.core.process.state import OPEN
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.queries.lines import WorkLine, lines_of

PAGE_SIZE = 50


class Whose(StrEnum):
    """Mine; what nobody of my roles has taken yet; everything of my roles; everything I may see."""

    MINE = "MINE"
    FREE = "FREE"
    ROLES = "ROLES"
    ALL = "ALL"


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What to show; empty words mean all."""

    whose: Whose = Whose.MINE
    process: str = ""
    stage: str = ""
    step: str = ""
    is_breached: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue, and how many steps there are on all pages."""

    lines: list[WorkLine]
    total: int
    page: int
    pages: int


def queue(actor: Actor, filters: QueueFilters, now: datetime) -> QueuePage:
    """The open steps where we have the ball, most urgent first: two statements, whatever the length."""
    steps = _waiting(actor, filters, now)
    total = steps.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, filters.page), pages)
    first = (page - 1) * PAGE_SIZE
    ordered = steps.order_by("due_at", "-value_fen", "id")
    return QueuePage(lines_of(ordered[first : first + PAGE_SIZE], now), total, page, pages)


def _waiting(actor: Actor, filters: QueueFilters, now: datetime) -> "QuerySet[StepRow]":
    steps = visible(StepRow.objects.all(), actor, party=None, case="case_id")
    steps = steps.filter(status=OPEN, ball=Ball.US.value, due_at__isnull=False).exclude(owner_role="")
    me = int(actor.id) if actor.is_staff and actor.id.isdigit() else 0
    if filters.whose is Whose.MINE:
        steps = steps.filter(owner_id=me)
    elif filters.whose is Whose.FREE:
        steps = steps.filter(owner_id=None, owner_role__in=sorted(actor.roles))
    elif filters.whose is Whose.ROLES:
        steps = steps.filter(Q(owner_id=me) | Q(owner_role__in=sorted(actor.roles)))
    wanted = {"process": filters.process, "stage": filters.stage, "key": filters.step}
    steps = steps.filter(**{name: value for name, value in wanted.items() if value})
    return steps.filter(due_at__lte=now) if filters.is_breached else steps


def steps_by_id(ids: Sequence[int], actor: Actor, now: datetime) -> list[WorkLine]:
    """The open steps with these ids that the actor may see, most urgent first: one statement."""
    steps = visible(StepRow.objects.all(), actor, party=None, case="case_id")
    steps = steps.filter(pk__in=list(ids), status=OPEN).exclude(owner_role="")
    return lines_of(steps.order_by("due_at", "id"), now)


def waiting_counts(actor: Actor, now: datetime, mark: int) -> "QuerySet[StepRow, Any]":
    """How many open steps wait for the actor, and how many of them are late: one row, begun by `mark`."""
    late = Count("pk", filter=Q(due_at__lte=now))
    rows = _waiting(actor, QueueFilters(), now).order_by().values(mark=Value(mark))
    return rows.annotate(waiting=Count("pk"), late=late).values_list("mark", "waiting", "late")
