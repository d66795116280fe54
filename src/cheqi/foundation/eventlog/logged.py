"""What the log gives back: an event with its circumstances, and the record that is committed to.

The record is the JSON object whose canonical bytes, under the event's salt, make the commitment. It names
the commitment to the personal parts, never the parts, so a record can be shown and proved after they
were erased. `previous` is the commitment of the event before in the case.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cheqi.core.base.actors import ActorKind
from cheqi.core.events.base import Event
from cheqi.foundation.eventlog.models import EventRow

RECORD_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as it was logged. `sequence` is its place in the tree, None until it is sealed."""

    id: int
    event: Event
    case_id: int | None
    position: int | None
    party_id: int | None
    actor_kind: ActorKind
    actor_id: str
    actor_name: str
    acting_for: str | None
    occurred_at: datetime
    recorded_at: datetime
    backfilled: bool
    commitment: str
    sequence: int | None

    @property
    def type(self) -> str:
        """The event's stable type."""
        return self.event.TYPE


def record_of(row: EventRow) -> dict[str, Any]:
    """The JSON object that the commitment of a row stands for."""
    return {
        "format": RECORD_FORMAT,
        "type": row.type,
        "case": row.case_id,
        "position": row.position,
        "party": row.party_id,
        "subject": row.subject,
        "actor": {
            "kind": row.actor_kind,
            "id": row.actor_id,
            "name": row.actor_name,
            "acting_for": row.acting_for,
        },
        "occurred_at": _utc(row.occurred_at),
        "recorded_at": _utc(row.recorded_at),
        "backfilled": row.backfilled,
        "payload": row.payload,
        "personal": None if row.personal_commitment is None else bytes(row.personal_commitment).hex(),
        "previous": None if row.previous is None else bytes(row.previous).hex(),
    }


def logged_of(row: EventRow, event: Event) -> Logged:
    """The row and its event as one value."""
    return Logged(
        id=row.pk,
        event=event,
        case_id=row.case_id,
        position=row.position,
        party_id=row.party_id,
        actor_kind=ActorKind(row.actor_kind),
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        acting_for=row.acting_for,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        backfilled=row.backfilled,
        commitment=bytes(row.commitment).hex(),
        sequence=row.sequence,
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
