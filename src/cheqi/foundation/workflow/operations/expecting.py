"""Showing what is expected of open steps beside the tracker's answer.

Whoever estimates (`insight.estimates`) hands over everything that is to be shown of a case; what stood
there before is replaced. The case itself is not touched, so a move at the same moment loses nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cheqi.foundation.workflow import progress, rows

Expected = Mapping[str, Mapping[str, Any]]

_SHOW = """
WITH fresh(case_id, expected, tag) AS (VALUES {places})
UPDATE workflow_progress SET expected = fresh.expected, expected_tag = fresh.tag, updated_at = %s
FROM fresh WHERE workflow_progress.case_id = fresh.case_id
"""
_PLACE = "(CAST(%s AS bigint), %s, %s)"


def show_estimate(*, case_id: int, expected: Expected, now: datetime) -> None:
    """Shows what is expected of the open steps of one case, by `step:round`; the tag changes with it."""
    show_estimates(shown={case_id: expected}, now=now)


def show_estimates(*, shown: Mapping[int, Expected], now: datetime) -> None:
    """The same for many cases, by case id, in one statement."""
    if not shown:
        return
    values: list[Any] = []
    for case_id, expected in sorted(shown.items()):
        values += [case_id, *progress.encode_expected(expected)]
    places = ", ".join([_PLACE] * len(shown))
    rows.execute(_SHOW.format(places=places), [*values, now])
