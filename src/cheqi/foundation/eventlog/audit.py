"""The log for those who check: everything that happened, newest first, within the actor's scope.

A page of lines is found without reading what lies between: each type of event has its own index by time, so
the newest of several types are the newest among the newest of each. A page goes on behind a `Mark`, the time
and number of the last line, and takes as long at the end of the log as at its beginning.

>>> Mark.read(str(Mark(datetime(2026, 11, 23, 1, 30, tzinfo=UTC), 42))).id
42
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.eventlog.queries import EventProof, entry_of, proved
from cheqi.foundation.eventlog.reading import logged_many
from cheqi.foundation.eventlog.visibility import checked_by
from cheqi.foundation.short_lists import together

NEWEST_FIRST = ("-occurred_at", "-id")
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ends: the next one begins behind this line."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark of an address; nonsense is none."""
        at, _, number = text.partition("-")
        try:
            moment = datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(moment, int(number)) if number.isdecimal() and len(number) <= 18 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilters:
    """What is asked for; `types` empty means all of them. The period is half-open, `behind` a mark."""

    types: tuple[str, ...] = ()
    member_ids: tuple[int, ...] | None = None
    case_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    behind: Mark | None = None


def log_page(filters: LogFilters, actor: Actor, *, limit: int) -> list[Logged]:
    """Up to `limit` events, newest first. Three statements at most, for every length of the log."""
    rows = _matching(filters, actor)
    if len(filters.types) > 1 and filters.case_id is None and filters.member_ids is None:
        newest = _newest(rows, filters.types, limit)
        found = list(EventRow.objects.filter(pk__in=newest).order_by(*NEWEST_FIRST))
    else:
        found = list(_of_types(rows, filters.types).order_by(*NEWEST_FIRST)[:limit])
    return logged_many(found)


def log_count(filters: LogFilters, actor: Actor) -> int:
    """How many there are; it reads all of them."""
    return _of_types(_matching(filters, actor), filters.types).count()


def every_entry(filters: LogFilters, actor: Actor) -> Iterator[list[Logged]]:
    """All of them in batches, newest first, for a file."""
    while found := log_page(filters, actor, limit=AT_ONCE):
        yield found
        filters = replace(filters, behind=Mark(found[-1].occurred_at, found[-1].id))


def checked_entry(event_id: int, actor: Actor) -> tuple[Logged, EventProof] | None:
    """One event with what proves it; None where there is none that the actor checks."""
    row = checked_by(actor).filter(pk=event_id).first()
    if row is None:
        return None
    logged = logged_many([row])[0]
    entry = entry_of(logged, actor)
    return (logged, proved(row, entry)) if entry else None


def _matching(filters: LogFilters, actor: Actor) -> QuerySet[EventRow]:
    rows = checked_by(actor)
    if filters.case_id is not None:
        rows = rows.filter(case_id=filters.case_id)
    if filters.member_ids is not None:
        ids = [str(each) for each in filters.member_ids]
        rows = rows.filter(actor_kind=ActorKind.STAFF.value, actor_id__in=ids)
    if filters.since is not None:
        rows = rows.filter(occurred_at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(occurred_at__lt=filters.until)
    if (mark := filters.behind) is not None:
        rows = rows.filter(occurred_at__lte=mark.at).filter(Q(occurred_at__lt=mark.at) | Q(pk__lt=mark.id))
    return rows


def _of_types(rows: QuerySet[EventRow], types: tuple[str, ...]) -> QuerySet[EventRow]:
    return rows.filter(type__in=types) if types else rows


def _newest(rows: QuerySet[EventRow], types: tuple[str, ...], limit: int) -> list[int]:
    """The ids of the newest events of these types: one statement that looks at `limit` of each type."""
    found = together(
        [
            rows.filter(type=each).order_by(*NEWEST_FIRST).values_list("pk", "occurred_at")[:limit]
            for each in types
        ]
    )
    return [pk for pk, _ in sorted(found, key=lambda one: (one[1], one[0]), reverse=True)[:limit]]
