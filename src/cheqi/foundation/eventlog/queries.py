"""What the log is asked for: a case's timeline, and proofs that hold without trusting us.

Proofs and checkpoints consist of hashes only; they are for anybody who checks, so they take no actor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.text import Text
from cheqi.core.events.base import Event
from cheqi.core.evidence.merkle import consistency_ranges, inclusion_ranges, leaf_hash, verify_inclusion
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.models import Checkpoint, EventRow
from cheqi.foundation.eventlog.reading import logged_many
from cheqi.foundation.eventlog.tree import Prover
from cheqi.foundation.eventlog.visibility import sees_case

LONGEST_TIMELINE = 1000


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a timeline: what happened in words, by whom, when.

    `is_sealed`: it can be proved. `step` names the step of the process that it is about, where there is one.
    `event` is what was logged, `is_inside` whether the reader gets the colleagues' words; a page that knows
    the words of the codes in the event says the sentence with them.
    """

    id: int
    type: str
    sentence: Text
    actor_kind: ActorKind
    actor_name: str
    acting_for: str | None
    occurred_at: datetime
    recorded_at: datetime
    backfilled: bool
    is_sealed: bool
    commitment: str
    event: Event
    step: str = ""
    is_inside: bool = True


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The hashes that lead from a leaf to the root of the tree of `tree_size`."""

    sequence: int
    tree_size: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EventProof:
    """One event with what proves it; without `sequence` it is not sealed yet and nothing proves it so far.

    `holds` says that the proof was checked against the root of the newest checkpoint, just now.
    """

    entry: TimelineEntry
    position: int
    sequence: int | None = None
    tree_size: int = 0
    root: str = ""
    hashes: tuple[str, ...] = ()
    sealed_at: datetime | None = None
    holds: bool = False


def timeline(case_id: int, actor: Actor) -> tuple[TimelineEntry, ...]:
    """The events of a case, oldest first, as this actor may read them; at most the newest 1,000.

    Colleagues read every event, everybody else those meant for the customer, in the customer's words and
    without the names of colleagues. A case that the actor may not see is the same as an empty one.
    """
    if not sees_case(case_id, actor):
        return ()
    rows = EventRow.objects.filter(case_id=case_id).order_by("-position")[:LONGEST_TIMELINE]
    entries = [entry_of(each, actor) for each in logged_many(rows)]
    return tuple(entry for entry in reversed(entries) if entry)


def event_proof(event_id: int, case_id: int, actor: Actor) -> EventProof | None:
    """One event of a case as the actor may read it, its inclusion proof checked; None where there is none."""
    if not sees_case(case_id, actor):
        return None
    row = EventRow.objects.filter(pk=event_id, case_id=case_id).first()
    entry = entry_of(logged_many([row])[0], actor) if row else None
    if row is None or entry is None:
        return None
    return proved(row, entry)


def proved(row: EventRow, entry: TimelineEntry) -> EventProof:
    """An event that the reader may see with what proves it, checked just now. Two statements at most."""
    checkpoint, position = latest_checkpoint(), row.position or 0
    if row.sequence is None or checkpoint is None or row.sequence >= checkpoint.tree_size:
        return EventProof(entry, position)
    proof, root = inclusion_proof(row.sequence, checkpoint.tree_size), bytes(checkpoint.root)
    leaf = leaf_hash(bytes(row.commitment))
    return EventProof(
        entry,
        position,
        sequence=row.sequence,
        tree_size=checkpoint.tree_size,
        root=root.hex(),
        hashes=tuple(each.hex() for each in proof.hashes),
        sealed_at=checkpoint.sealed_at,
        holds=verify_inclusion(leaf, row.sequence, checkpoint.tree_size, proof.hashes, root),
    )


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed statement of the tree."""
    return Checkpoint.objects.order_by("-tree_size").first()


def sealed_size() -> int:
    """How many events are sealed."""
    size = Checkpoint.objects.order_by("-tree_size").values_list("tree_size", flat=True).first()
    return size or 0


def inclusion_proof(sequence: int, tree_size: int, *, prover: Prover | None = None) -> InclusionProof:
    """The proof that the sealed event with this sequence is in the tree of `tree_size`.

    Who makes many proofs passes one `Prover` to all of them: it keeps the tiles that it read. Raises
    ValueError where there is no such leaf, and MissingHash where stored tiles are gone.
    """
    hashes = (prover or Prover()).prove(inclusion_ranges(sequence, tree_size))
    return InclusionProof(sequence, tree_size, tuple(hashes))


def inclusion_proofs(sequences: Sequence[int], tree_size: int) -> list[InclusionProof]:
    """The proofs of several events in one statement, in their order. Raises as `inclusion_proof` does."""
    prover = Prover()
    prover.get_ready(part for each in sequences for part in inclusion_ranges(each, tree_size))
    return [inclusion_proof(each, tree_size, prover=prover) for each in sequences]


def consistency_proof(old_size: int, tree_size: int, *, prover: Prover | None = None) -> tuple[bytes, ...]:
    """The proof that the tree of `tree_size` begins with the tree of `old_size`.

    Raises ValueError for sizes that cannot be, and MissingHash where stored tiles are gone.
    """
    return tuple((prover or Prover()).prove(consistency_ranges(old_size, tree_size)))


def entry_of(logged: Logged, actor: Actor) -> TimelineEntry | None:
    """An event as a line for this reader; None where it is not meant for them."""
    event = logged.event
    inside = actor.is_staff or actor.kind is ActorKind.SYSTEM
    zh, en = event.sentence("zh-hans"), event.sentence("en")
    if not inside:
        if not event.for_customer:
            return None
        zh, en = event.customer_sentence("zh-hans") or zh, event.customer_sentence("en") or en
    return TimelineEntry(
        id=logged.id,
        type=logged.type,
        sentence=Text(zh, en),
        actor_kind=logged.actor_kind,
        actor_name=logged.actor_name if inside else "",
        acting_for=logged.acting_for if inside else None,
        occurred_at=logged.occurred_at,
        recorded_at=logged.recorded_at,
        backfilled=logged.backfilled,
        is_sealed=logged.sequence is not None,
        commitment=logged.commitment,
        event=event,
        step=str(getattr(event, "step", "")),
        is_inside=inside,
    )
