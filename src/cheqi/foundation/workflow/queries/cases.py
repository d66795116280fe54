"""The list of cases: filtered, sorted and paged by the database, each with its open steps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.core.process.state import OPEN
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.definitions import by_hash
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.foundation.workflow.queries.lines import WorkLine, lines_of

SORTS = ("opened_at", "number", "closed_at")


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """Which cases; empty words mean all. `standing` is OPEN, LATE, CLOSED or empty; `party_id` whose."""

    standing: str = "OPEN"
    stage: str = ""
    process: str = ""
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case with what is open in it, most urgent first."""

    case_id: int
    number: str
    process_title: Text
    status: str
    status_title: Text
    party_id: int | None
    branch_id: int | None
    created_by_name: str
    opened_at: datetime
    closed_at: datetime | None
    open_steps: tuple[WorkLine, ...] = field(default=())


def cases(
    actor: Actor,
    filters: CaseFilters,
    now: datetime,
    *,
    order_by: Sequence[str] = ("-opened_at", "-id"),
    offset: int = 0,
    limit: int = 51,
) -> list[CaseLine]:
    """One page of the cases in scope: three statements, whatever the length.

    The page is found in an index, and only its cases are read, so a late page costs little more than the
    first.
    """
    names = (
        "pk", "number", "definition__content_hash", "status", "party_id", "branch_id",
        "created_by_name", "opened_at", "closed_at",
    )  # fmt: skip
    chosen = _chosen(actor, filters, now).order_by(*order_by).values("pk")[offset : offset + limit]
    rows = list(Case.objects.filter(pk__in=chosen).order_by(*order_by).values_list(*names))
    steps: dict[int, list[WorkLine]] = {}
    is_open = StepRow.objects.filter(case_id__in=[row[0] for row in rows], status=OPEN)
    for line in lines_of(is_open.order_by("due_at", "id"), now):
        steps.setdefault(line.case_id, []).append(line)
    return [_line(row, steps.get(row[0], [])) for row in rows]


def case_count(actor: Actor, filters: CaseFilters, now: datetime) -> int:
    """How many there are: one statement."""
    return _chosen(actor, filters, now).count()


def step_figures(process: str, actor: Actor, now: datetime) -> dict[str, tuple[int, int]]:
    """For each step of a process how many are open in scope, and how many of them are late: one statement."""
    steps = visible(StepRow.objects.all(), actor, party=None, case="case_id")
    late = Count("pk", filter=Q(due_at__lte=now))
    rows = steps.filter(process=process, status=OPEN).order_by().values("key")
    return {
        row["key"]: (row["waiting"], row["late"]) for row in rows.annotate(waiting=Count("pk"), late=late)
    }


def _chosen(actor: Actor, filters: CaseFilters, now: datetime) -> "QuerySet[Case]":
    rows = visible(Case.objects.all(), actor)
    if filters.process:
        rows = rows.filter(process=filters.process)
    if filters.party_id is not None:
        rows = rows.filter(party_id=filters.party_id)
    steps = StepRow.objects.filter(status=OPEN)
    if filters.standing == "OPEN":
        rows = rows.filter(closed_at=None)
    elif filters.standing == "CLOSED":
        rows = rows.filter(closed_at__isnull=False)
    elif filters.standing == "LATE":
        rows = rows.filter(pk__in=steps.filter(due_at__lte=now).values("case_id"))
    if filters.stage:
        rows = rows.filter(pk__in=steps.filter(stage=filters.stage).values("case_id"))
    return rows


def _line(row: tuple, steps: list[WorkLine]) -> CaseLine:  # type: ignore[type-arg]
    definition = by_hash(row[2])
    status = row[3]
    return CaseLine(
        case_id=row[0],
        number=row[1],
        process_title=definition.title,
        status=status,
        status_title=definition.statuses.get(status, Text("办理中", "In progress")),
        party_id=row[4],
        branch_id=row[5],
        created_by_name=row[6],
        opened_at=row[7],
        closed_at=row[8],
        open_steps=tuple(steps),
    )
