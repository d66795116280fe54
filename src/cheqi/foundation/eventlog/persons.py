"""Personal parts: sealed under a key per person, committed to, and erased by destroying the key.

What is committed to is the parts under a salt of their own, and that salt is sealed with them: when the
key is gone, nobody can test guesses against the commitment, and every proof still verifies.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheqi.core.evidence.canonical import dumps
from cheqi.core.evidence.commitment import SALT_BYTES, commit
from cheqi.foundation.eventlog.keyring import seal, unseal, wrapping_key
from cheqi.foundation.eventlog.models import PersonalPart, PersonKey


@dataclass(frozen=True, slots=True)
class SealedParts:
    """What is stored of the personal parts of one event."""

    party_id: int
    commitment: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class OpenParts:
    """The personal parts of one event in clear, with the salt of their commitment."""

    values: dict[str, Any]
    salt: bytes


def keys_for(party_ids: Iterable[int], now: datetime) -> dict[int, bytes]:
    """The persons' keys, made where missing. Raises PersonIsErased for a destroyed one."""
    wanted = sorted(set(party_ids))
    known = {row.party_id: row for row in PersonKey.objects.filter(party_id__in=wanted)}
    fresh = [
        PersonKey(party_id=party_id, wrapped=_wrap(party_id, secrets.token_bytes(32)), created_at=now)
        for party_id in wanted
        if party_id not in known
    ]
    if fresh:
        PersonKey.objects.bulk_create(fresh, ignore_conflicts=True)
        known = {row.party_id: row for row in PersonKey.objects.filter(party_id__in=wanted)}
    return {party_id: _unwrap(row) for party_id, row in known.items()}


class PersonIsErased(Exception):
    """The person's key was destroyed: nothing personal can be logged about them any more."""


def seal_parts(party_id: int, key: bytes, values: dict[str, Any]) -> SealedParts:
    """Commits to the values and seals them with the salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    commitment = commit(dumps(values), salt)
    clear = dumps({"salt": salt.hex(), "values": values})
    return SealedParts(party_id, commitment, seal(key, clear, commitment.hex().encode()))


def open_parts(part: PersonalPart, commitment: bytes) -> OpenParts | None:
    """The parts in clear; None when the person's key was destroyed. Raises UnableToUnseal."""
    if part.key.erased_at is not None:
        return None
    clear = json.loads(unseal(_unwrap(part.key), bytes(part.sealed), commitment.hex().encode()))
    return OpenParts(clear["values"], bytes.fromhex(clear["salt"]))


def _wrap(party_id: int, key: bytes) -> bytes:
    return seal(wrapping_key(), key, f"person:{party_id}".encode())


def _unwrap(row: PersonKey) -> bytes:
    if row.erased_at is not None:
        raise PersonIsErased(f"party {row.party_id}")
    return unseal(wrapping_key(), bytes(row.wrapped), f"person:{row.party_id}".encode())
