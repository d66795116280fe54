"""The log's signing key (Ed25519): made once, kept in the home's key folder, part of every backup.

It signs checkpoints; its public half goes into every bundle and is what outsiders know this log by.
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def signing_key() -> Ed25519PrivateKey:
    """The key that signs this installation's checkpoints."""
    return Ed25519PrivateKey.from_private_bytes(_secret("evidence-signing"))


def log_name() -> str:
    """The name that this installation's checkpoints carry; it never changes once notes were given out."""
    return str(settings.CHEQI_LOG_NAME)


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
