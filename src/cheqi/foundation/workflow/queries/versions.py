"""The published versions of a process, and the open cases that stand on each.

>>> queries.versions_of("application", actor, today)[0].open_cases                     # doctest: +SKIP
12
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.process.state import OPEN
from cheqi.foundation.staff.queries import names_of
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import Case, DefinitionRow


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version, who published it, whether new cases take it now, and its open cases in scope."""

    version: int
    content_hash: str
    effective_from: date
    published_at: datetime
    published_by: str
    is_in_force: bool
    is_to_come: bool
    open_cases: int


def versions_of(process: str, actor: Actor, on: date) -> tuple[VersionLine, ...]:
    """The published versions of a process, newest first, as they stand on that day: three statements."""
    is_open = visible(Case.objects.filter(process=process, status=OPEN), actor).order_by()
    counted = is_open.values_list("definition_id").annotate(Count("pk"))
    counts: dict[int, int] = dict(counted)
    found = list(DefinitionRow.objects.filter(process=process).order_by("-version", "-pk"))
    names = names_of(key for row in found if (key := _publisher_id(row)))
    current = max(
        (row for row in found if row.effective_from <= on),
        key=lambda row: (row.effective_from, row.version),
        default=None,
    )
    return tuple(
        VersionLine(
            version=row.version,
            content_hash=row.content_hash,
            effective_from=row.effective_from,
            published_at=row.published_at,
            published_by=names.get(_publisher_id(row), ""),
            is_in_force=row is current,
            is_to_come=row.effective_from > on,
            open_cases=counts.get(row.pk, 0),
        )
        for row in found
    )


def _publisher_id(row: DefinitionRow) -> int:
    """The id of the member who published it, 0 where that was the system."""
    kind, _, key = row.published_by.partition(":")
    return int(key) if kind == ActorKind.STAFF else 0


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case and the version that it is on."""

    case_id: int
    number: str
    version: int


def open_cases(process: str, actor: Actor, numbers: Collection[str] = ()) -> tuple[OpenCase, ...]:
    """The open cases of a process in scope, oldest first, or those with these numbers: one statement."""
    rows = visible(Case.objects.filter(process=process, status=OPEN), actor)
    if numbers:
        rows = rows.filter(number__in=numbers)
    values = rows.order_by("pk").values_list("pk", "number", "definition__version")
    return tuple(OpenCase(*row) for row in values)
