"""The hot look-ups: the tracker's answer for one case, and what escalated to me."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.definitions import by_hash
from cheqi.foundation.workflow.models import Escalation, Progress
from cheqi.foundation.workflow.progress import with_expected
from cheqi.foundation.workflow.record import sees

_COLUMNS = "case_id, branch_id, party_id, etag, body, expected, expected_tag"
_BY_ID = f"SELECT {_COLUMNS} FROM workflow_progress WHERE case_id = %s"  # noqa: S608 (own names only)
_BY_NUMBER = f"SELECT {_COLUMNS} FROM workflow_progress WHERE number = %s"  # noqa: S608


@dataclass(frozen=True, slots=True)
class TrackerAnswer:
    """JSON bytes, ready to send, and their tag for conditional polling."""

    case_id: int
    etag: str
    body: bytes
    number: str = ""


@dataclass(frozen=True, slots=True)
class Escalated:
    """A missed target that went to one of my roles and is not settled."""

    case_id: int
    number: str
    step: str
    title: Text
    round: int
    role: str
    branch_id: int | None
    at: datetime
    due_at: datetime | None
    id: int = 0
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    step_id: int = 0
    level: int = 1


def progress(case_id: int, actor: Actor) -> TrackerAnswer | None:
    """The tracker's answer: one plain statement. None where it is missing or out of scope."""
    return _answer(_BY_ID, case_id, actor)


def progress_by_number(number: str, actor: Actor) -> TrackerAnswer | None:
    """The same by case number."""
    return _answer(_BY_NUMBER, number, actor)


def progress_of_mine(actor: Actor, limit: int = 50) -> list[TrackerAnswer]:
    """The tracker's answers for every case of the actor, newest first: one statement."""
    rows = visible(Progress.objects.all(), actor, case="case_id").order_by("-case_id")[:limit]
    found = []
    for row in rows:
        body, etag = with_expected(bytes(row.body), row.etag, row.expected, row.expected_tag)
        found.append(TrackerAnswer(row.case_id, etag, body, row.number))
    return found


def _answer(sql: str, wanted: int | str, actor: Actor) -> TrackerAnswer | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted])
        row = cursor.fetchone()
    if row is None or not sees(actor, case_id=row[0], branch_id=row[1], party_id=row[2]):
        return None
    body, etag = with_expected(bytes(row[4]), row[3], row[5], row[6])
    return TrackerAnswer(row[0], etag, body)


def escalated(actor: Actor, limit: int = 200) -> list[Escalated]:
    """What escalated to the actor's roles and is still open, the highest level first and then
    the oldest: one statement."""
    rows = visible(Escalation.objects.all(), actor, party=None, case="case_id")
    rows = rows.filter(settled_at=None, role__in=sorted(actor.roles)).order_by("-level", "at", "id")
    names = (
        "case_id", "case__number", "case__definition__content_hash", "step__key", "step__round", "role",
        "branch_id", "at", "step__due_at", "pk", "acknowledged_by", "acknowledged_at", "step_id", "level",
    )  # fmt: skip
    return [
        Escalated(row[0], row[1], row[3], by_hash(row[2]).by_key[row[3]].title, *row[4:])
        for row in rows.values_list(*names)[:limit]
    ]
