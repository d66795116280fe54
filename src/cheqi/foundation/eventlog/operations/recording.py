"""Writing to the log: one event, or many at once, inside the transaction of what they tell of.

>>> with transaction.atomic():                                             # doctest: +SKIP
...     case.save()
...     record(CaseOpened(kind="application"), actor=actor, now=now, case_id=case.pk)
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.events.base import Event, to_payload
from cheqi.core.evidence.canonical import dumps
from cheqi.core.evidence.commitment import SALT_BYTES, commit
from cheqi.foundation.eventlog.chains import Tail, hold_tails
from cheqi.foundation.eventlog.logged import Logged, logged_of, record_of
from cheqi.foundation.eventlog.models import EventRow, PersonalPart, PersonKey
from cheqi.foundation.eventlog.operations.inserting import insert
from cheqi.foundation.eventlog.persons import KEY_BYTES, PersonIsErased, SealedParts, seal_parts, unwrap, wrap

MAX_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event to log, and whom and what it is about. `party_id` is the person whose parts are in it.

    `actor` is who caused this one, where a batch of history has several."""

    event: Event
    case_id: int | None = None
    party_id: int | None = None
    occurred_at: datetime | None = None
    actor: Actor | None = None


class NotInATransaction(RuntimeError):
    """An event was logged outside of the transaction of its cause."""


def record(
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
    party_id: int | None = None,
    occurred_at: datetime | None = None,
    backfilled: bool = False,
) -> Logged:
    """Logs one event in the caller's transaction: it is there when the transaction commits, else not.

    Concurrent writers about the same case wait for each other from here to the end of the transaction,
    so log last. Raises NotInATransaction, TypeError for what cannot be logged, ValueError for personal
    parts without a person.
    """
    entry = Entry(event=event, case_id=case_id, party_id=party_id, occurred_at=occurred_at)
    return record_many([entry], actor=actor, now=now, backfilled=backfilled)[0]


def record_many(
    entries: Sequence[Entry], *, actor: Actor, now: datetime, backfilled: bool = False
) -> list[Logged]:
    """Logs up to 1,000 events in order, as `record` does, in a fixed number of statements."""
    if not connection.in_atomic_block:
        raise NotInATransaction("log an event inside the transaction that it tells of")
    if len(entries) > MAX_BATCH:
        raise ValueError(f"one batch holds at most {MAX_BATCH} events, not {len(entries)}")
    payloads = [to_payload(entry.event) for entry in entries]
    sealed = _sealed(entries, [payload.personal for payload in payloads], now)
    tails = hold_tails(entry.case_id for entry in entries if entry.case_id is not None)
    rows = []
    for entry, payload, parts in zip(entries, payloads, sealed, strict=True):
        row = row_of(entry, payload.plain, entry.actor or actor, now)
        row.backfilled = backfilled
        row.personal_commitment = parts.commitment if parts else None
        place(row, tails.get(entry.case_id) if entry.case_id is not None else None)
        rows.append(row)
    insert(rows)
    apart = [
        PersonalPart(event=row, key_id=parts.party_id, sealed=parts.sealed)
        for row, parts in zip(rows, sealed, strict=True)
        if parts
    ]
    if apart:
        PersonalPart.objects.bulk_create(apart)
    return [logged_of(row, entry.event) for row, entry in zip(rows, entries, strict=True)]


def _sealed(
    entries: Sequence[Entry], personal: list[dict[str, Any]], now: datetime
) -> list[SealedParts | None]:
    about = {}
    for index, (entry, values) in enumerate(zip(entries, personal, strict=True)):
        if values and entry.party_id is None:
            raise ValueError(f"{entry.event.TYPE} has personal parts: say whose with party_id")
        if values and entry.party_id is not None:
            about[index] = entry.party_id
    keys = _keys_of(about.values(), now) if about else {}
    return [
        seal_parts(about[index], keys[about[index]], values) if index in about else None
        for index, values in enumerate(personal)
    ]


def _keys_of(party_ids: Iterable[int], now: datetime) -> dict[int, bytes]:
    wanted = set(party_ids)
    rows = {row.party_id: row for row in PersonKey.objects.filter(party_id__in=wanted)}
    if missing := sorted(wanted - rows.keys()):
        PersonKey.objects.bulk_create(
            [
                PersonKey(party_id=each, wrapped=wrap(each, secrets.token_bytes(KEY_BYTES)), created_at=now)
                for each in missing
            ],
            ignore_conflicts=True,
        )
        rows |= {row.party_id: row for row in PersonKey.objects.filter(party_id__in=missing)}
    keys = {}
    for party_id, row in rows.items():
        if (key := unwrap(row)) is None:
            raise PersonIsErased(f"party {party_id} was erased")
        keys[party_id] = key
    return keys


def place(row: EventRow, tail: Tail | None) -> None:
    """Commits to a row, behind the tail of its case, which it then is itself."""
    if tail is not None:
        row.position, row.previous = tail.position + 1, tail.commitment
    row.commitment = commitment = commit(dumps(record_of(row)), bytes(row.salt))
    if tail is not None:
        tail.position, tail.commitment = tail.position + 1, commitment


def row_of(entry: Entry, plain: dict[str, Any], actor: Actor, now: datetime) -> EventRow:
    """A new row, not placed yet. Raises ValueError for a time without its zone."""
    if now.tzinfo is None or (entry.occurred_at is not None and entry.occurred_at.tzinfo is None):
        raise ValueError("a logged time needs its zone")
    return EventRow(
        type=entry.event.TYPE,
        case_id=entry.case_id,
        party_id=entry.party_id,
        subject=entry.event.subject,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_name="" if actor.kind is ActorKind.CUSTOMER else actor.name,
        acting_for=actor.acting_for,
        occurred_at=entry.occurred_at or now,
        recorded_at=now,
        payload=plain,
        salt=secrets.token_bytes(SALT_BYTES),
    )
