"""The chain within a case: where it ends, held still until the transaction ends.

Two transactions that log about one case at a time take turns; about different cases they never meet.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from cheqi.foundation.eventlog.locks import hold_cases
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.prepared import cursor as prepared_cursor

MAX_CASES = 1000

_LAST = "SELECT position, commitment FROM eventlog_eventrow WHERE case_id = %s ORDER BY position DESC LIMIT 1"


@dataclass(slots=True)
class Tail:
    """The last event of a case: the next one stands at `position` + 1 and repeats `commitment`."""

    position: int
    commitment: bytes | None


def hold_tails(case_ids: Iterable[int]) -> dict[int, Tail]:
    """The ends of the cases' chains, which no other transaction can move before this one ends."""
    wanted = sorted(set(case_ids))
    if len(wanted) > MAX_CASES:
        raise ValueError(f"one batch logs about at most {MAX_CASES} cases, not {len(wanted)}")
    if not wanted:
        return {}
    hold_cases(wanted)
    tails = {case_id: Tail(0, None) for case_id in wanted}
    for case_id, position, commitment in _last_events(wanted):
        tails[case_id] = Tail(position, commitment)
    return tails


def _last_events(case_ids: list[int]) -> list[tuple[int, int, bytes]]:
    if len(case_ids) == 1:
        with prepared_cursor() as cursor:
            cursor.execute(_LAST, case_ids)
            return [(case_ids[0], position, bytes(commitment)) for position, commitment in cursor.fetchall()]
    ends = EventRow.objects.filter(case_id__in=case_ids).order_by().values("case_id")
    pairs = dict(ends.annotate(last=Max("position")).values_list("case_id", "last"))
    found = EventRow.objects.filter(case_id__in=pairs, position__in=set(pairs.values()))
    last = [row for row in found if pairs[row.case_id] == row.position]
    return [(row.case_id or 0, row.position or 0, bytes(row.commitment)) for row in last]
