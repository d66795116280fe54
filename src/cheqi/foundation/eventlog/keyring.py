"""The log's own keys, made once and kept in the home's key folder: the signing key and the wrapping key.

The signing key (Ed25519) signs checkpoints; its public half goes into every bundle. The wrapping key
seals the keys of persons, so that a copy of the database alone opens nothing. A backup holds both.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class UnableToUnseal(Exception):
    """A sealed value does not open: another key, or changed bytes."""


def signing_key() -> Ed25519PrivateKey:
    """The key that signs this installation's checkpoints."""
    return Ed25519PrivateKey.from_private_bytes(_secret("evidence-signing"))


def log_name() -> str:
    """The name that this installation's checkpoints carry; it never changes once notes were given out."""
    return str(getattr(settings, "CHEQI_LOG_NAME", "cheqi.local/evidence"))


def wrapping_key() -> bytes:
    """The 32 bytes that seal the keys of persons."""
    return _secret("evidence-wrapping")


def seal(key: bytes, clear: bytes, context: bytes) -> bytes:
    """AES-256-GCM under a fresh nonce, bound to `context`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The clear bytes again. Raises UnableToUnseal."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except InvalidTag as problem:
        raise UnableToUnseal(context.decode(errors="replace")) from problem


def _secret(name: str) -> bytes:
    path: Path = settings.CHEQI_HOME / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())
