"""A checkpoint: the signed statement that the log has a size and a root (C2SP tlog-checkpoint).

It is a signed note: lines of text (the log's name, the size, the root in base64), an empty line, and one
line a signature: an em dash, the signer's name, and base64 of four bytes that name the key and the Ed25519
signature of the text. A witness that checked the log adds a line of its own.

    lender.example/evidence
    7
    JlLlXTvGXUjQ/…=

    — lender.example/evidence Az3grlgt…=
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ALGORITHM = b"\x01"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: whose log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The lines that are signed, each ended."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class NotACheckpoint(ValueError):
    """A note that does not read as a checkpoint, or that the expected key did not sign."""


def key_hash(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes that name a key in a note."""
    return hashlib.sha256(name.encode() + b"\n" + _ALGORITHM + key.public_bytes_raw()).digest()[:4]


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The note of a checkpoint, signed by the log itself."""
    text = checkpoint.text()
    return f"{text}\n{signature_line(text, checkpoint.origin, key)}"


def signature_line(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The line that a signer of this name adds to a note."""
    if not name or any(each.isspace() or each == "+" for each in name):
        raise ValueError(f"a signer's name has no spaces and no plus: {name!r}")
    signed = key_hash(name, key.public_key()) + key.sign(text.encode())
    return f"— {name} {base64.b64encode(signed).decode()}\n"


def read(note: str, key: Ed25519PublicKey, *, origin: str | None = None) -> Checkpoint:
    """The checkpoint of a note, once the log's signature holds. Raises NotACheckpoint that says why not."""
    text, separator, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3 or not _NUMBER.fullmatch(lines[1]):
        raise NotACheckpoint("a checkpoint has a name, a size, a root, an empty line and signatures")
    if origin is not None and lines[0] != origin:
        raise NotACheckpoint(f"this checkpoint is of {lines[0]!r}, not of {origin!r}")
    root = _decoded(lines[2])
    if len(root) != 32:
        raise NotACheckpoint("the root is not 32 bytes")
    if not is_signed_by(f"{text}\n", signatures, lines[0], key):
        raise NotACheckpoint("the expected key did not sign this checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def is_signed_by(text: str, signatures: str, name: str, key: Ed25519PublicKey) -> bool:
    """Whether one of the signature lines is this signer's and holds."""
    for line in signatures.splitlines():
        if not line.startswith(f"— {name} "):
            continue
        signed = _decoded(line.rpartition(" ")[2])
        if signed[:4] != key_hash(name, key):
            continue
        try:
            key.verify(signed[4:], text.encode())
        except InvalidSignature:
            return False
        return True
    return False


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise NotACheckpoint(f"this is not base64: {text[:20]!r}") from problem
