"""The keys of a backup, sealed under a passphrase: scrypt, then AES-256-GCM bound to the manifest.

Format: `cheqi-keys-1`, salt (16), nonce (12), ciphertext of a JSON object {file name: base64}. scrypt runs
with n = 2^15, r = 8, p = 1 (32 MiB, about a tenth of a second a guess).
"""

import base64
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_MARK = b"cheqi-keys-1"
_SALT_BYTES, _NONCE_BYTES = 16, 12


class UnableToOpenKeys(ValueError):
    """The passphrase is wrong, or keys or manifest were changed."""


def seal_folder(folder: Path, *, passphrase: str, context: bytes) -> bytes:
    """Every file of the key folder in one sealed piece, bound to `context`."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    held = {str(path.relative_to(folder)): base64.b64encode(path.read_bytes()).decode() for path in names}
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, json.dumps(held).encode(), context)
    return _MARK + salt + nonce + sealed


def open_folder(sealed: bytes, *, passphrase: str, context: bytes) -> dict[str, bytes]:
    """File name → content. Raises UnableToOpenKeys."""
    if not sealed.startswith(_MARK):
        raise UnableToOpenKeys("keys.sealed is not a key box of this version")
    rest = sealed[len(_MARK) :]
    salt, nonce, body = (
        rest[:_SALT_BYTES],
        rest[_SALT_BYTES:][:_NONCE_BYTES],
        rest[_SALT_BYTES + _NONCE_BYTES :],
    )
    try:
        plain = AESGCM(_stretched(passphrase, salt)).decrypt(nonce, body, context)
    except (InvalidTag, ValueError):
        raise UnableToOpenKeys("the passphrase is wrong, or manifest or keys were changed") from None
    return {name: base64.b64decode(content) for name, content in json.loads(plain).items()}


def write_folder(folder: Path, held: dict[str, bytes]) -> None:
    """Writes the files into a new folder, readable by the owner only."""
    folder.mkdir(mode=0o700, parents=True)
    for name, content in held.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise UnableToOpenKeys(f"the key box names a file outside of the key folder: {name}")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
