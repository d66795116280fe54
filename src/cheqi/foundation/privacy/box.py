"""The secret box: bytes go in with a context, an envelope comes out that opens only with the same context.

An envelope is `v1|key id|nonce and ciphertext`, AES-256-GCM; the context (what this value is and where it
belongs) is authenticated, not stored, so an envelope moved to another place does not open:

    envelope = box.seal(answer, context="bureau.answer.17")
    box.unseal(envelope, context="bureau.answer.17") == answer
    box.unseal(envelope, context="bureau.answer.18")        # raises UnableToUnseal
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cheqi import ports
from cheqi.ports.keys import KeyProvider, UnableToFindKey

VERSION = "v1"
_NONCE_BYTES = 12


class UnableToUnseal(ValueError):
    """An envelope that does not open: changed, moved from elsewhere, or sealed under a key we lack."""


def seal(data: bytes, *, context: str) -> bytes:
    """An envelope of `data` under the current key, bound to `context`."""
    key = ports.get(KeyProvider).current()
    nonce = os.urandom(_NONCE_BYTES)
    body = AESGCM(key.material).encrypt(nonce, data, context.encode())
    return f"{VERSION}|{key.id}|".encode() + nonce + body


def unseal(envelope: bytes, *, context: str) -> bytes:
    """What was sealed. Raises UnableToUnseal with the reason; the message never holds the value."""
    key_id, body = _parts(envelope)
    try:
        key = ports.get(KeyProvider).get(key_id)
    except UnableToFindKey as missing:
        raise UnableToUnseal(f"{context}: sealed under the key {key_id}, which is not here") from missing
    nonce, sealed = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
    try:
        return AESGCM(key.material).decrypt(nonce, sealed, context.encode())
    except (InvalidTag, ValueError):
        raise UnableToUnseal(f"{context}: the value was changed, moved or sealed under another key") from None


def reseal(envelope: bytes, *, context: str) -> bytes:
    """The same content under the current key; the same envelope where it already is."""
    if key_id(envelope) == ports.get(KeyProvider).current().id:
        return envelope
    return seal(unseal(envelope, context=context), context=context)


def key_id(envelope: bytes) -> str:
    """The id of the key that sealed it. Raises UnableToUnseal where this is no envelope."""
    return _parts(envelope)[0]


def seal_text(text: str, *, context: str) -> str:
    """An envelope of a text as text: `v1|key id|nonce|ciphertext`, both in URL-safe base64."""
    head, body = _split(seal(text.encode(), context=context))
    return f"{head}{_encode(body[:_NONCE_BYTES])}|{_encode(body[_NONCE_BYTES:])}"


def unseal_text(envelope: str, *, context: str) -> str:
    """The text of `seal_text`. Raises UnableToUnseal."""
    return unseal(from_text(envelope), context=context).decode()


def from_text(envelope: str) -> bytes:
    """The binary form of a text envelope. Raises UnableToUnseal."""
    try:
        version, key, nonce, body = envelope.split("|")
        return f"{version}|{key}|".encode() + _decode(nonce) + _decode(body)
    except (ValueError, binascii.Error):
        raise UnableToUnseal("this is not an envelope: v1|key id|nonce|ciphertext") from None


def _split(envelope: bytes) -> tuple[str, bytes]:
    version, key, body = envelope.split(b"|", 2)
    return f"{version.decode()}|{key.decode()}|", body


def _parts(envelope: bytes) -> tuple[str, bytes]:
    parts = envelope.split(b"|", 2)
    if len(parts) != 3 or parts[0] != VERSION.encode() or not parts[1].isalnum():
        raise UnableToUnseal("this is not an envelope of a version that we know")
    return parts[1].decode("ascii", "replace"), parts[2]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
