"""Personal parts: sealed under a key per person, committed to, and erased by destroying the key.

What is committed to is the parts under a salt of their own, and that salt is sealed with them: when the
key is gone, nobody can test guesses against the commitment, and every proof still verifies. The keys of
persons are themselves sealed under the installation's current key.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cheqi.core.evidence.canonical import dumps
from cheqi.core.evidence.commitment import SALT_BYTES, commit
from cheqi.foundation.eventlog.models import PersonalPart, PersonKey
from cheqi.foundation.privacy import box

KEY_BYTES = 32
_NONCE_BYTES = 12


class PersonIsErased(Exception):
    """The person's key was destroyed: nothing personal can be logged about them any more."""


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


def seal_parts(party_id: int, key: bytes, values: dict[str, Any]) -> SealedParts:
    """Commits to the values and seals them with the salt."""
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    commitment = commit(dumps(values), salt)
    clear = dumps({"salt": salt.hex(), "values": values})
    return SealedParts(party_id, commitment, nonce + AESGCM(key).encrypt(nonce, clear, commitment))


def open_parts(part: PersonalPart, commitment: bytes, key: bytes) -> OpenParts:
    """The parts in clear. Raises box.UnableToUnseal where they were changed or belong to another event."""
    sealed = bytes(part.sealed)
    try:
        clear = json.loads(AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], commitment))
    except InvalidTag:
        raise box.UnableToUnseal(f"event {part.event_id}: the personal parts were changed or moved") from None
    return OpenParts(clear["values"], bytes.fromhex(clear["salt"]))


def wrap(party_id: int, key: bytes) -> bytes:
    """A person's key, sealed under the installation's current key."""
    return box.seal(key, context=_context(party_id))


def unwrap(row: PersonKey) -> bytes | None:
    """A person's key; None when it was destroyed. Raises box.UnableToUnseal."""
    if row.erased_at is not None:
        return None
    return box.unseal(bytes(row.wrapped), context=_context(row.party_id))


def rewrap(row: PersonKey) -> bytes:
    """The wrapped key under the installation's current key."""
    return box.reseal(bytes(row.wrapped), context=_context(row.party_id))


def _context(party_id: int) -> str:
    return f"eventlog.person.{party_id}"
