"""Blind indexes: find the row of an ID number without a column that shows it.

An index is HMAC-SHA256 over the normalised value, under a key of its own for each kind of value, derived
(HKDF) from the provider's index root. The same number has the same index in every table of one
installation and another one elsewhere. Names get none: there are too few of them to hide.

Example: `blind.index("mobile", "138 0013 8866") == blind.index("mobile", "+86-13800138866")`.
"""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cheqi import ports
from cheqi.ports.keys import KeyProvider

INDEX_CHARS = 43
_MAINLAND_MOBILE_DIGITS = 11


def index(kind: str, value: str) -> str:
    """The index of a value of this kind: 43 URL-safe characters; empty for an empty value."""
    plain = normalised(kind, value)
    if not plain:
        return ""
    key = _key(ports.get(KeyProvider).index_root(), kind)
    digest = hmac.digest(key, plain.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def normalised(kind: str, value: str) -> str:
    """The one spelling of a value that is indexed; a kind without its own rule is trimmed only."""
    return _NORMALISERS.get(kind, str.strip)(unicodedata.normalize("NFKC", value))


def _code(value: str) -> str:
    return "".join(character for character in value.upper() if character.isalnum())


def _digits(value: str) -> str:
    return "".join(character for character in value if character.isdigit())


def _mobile(value: str) -> str:
    """E.164; a number without a country code is a mainland one."""
    digits = _digits(value)
    if value.strip().startswith("+"):
        return f"+{digits}"
    digits = digits.removeprefix("00") if digits.startswith("0086") else digits
    if len(digits) == _MAINLAND_MOBILE_DIGITS + 2 and digits.startswith("86"):
        return f"+{digits}"
    return f"+86{digits}" if digits else ""


@lru_cache(maxsize=64)
def _key(root: bytes, kind: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"cheqi blind index {kind}".encode()).derive(root)


_NORMALISERS: dict[str, Callable[[str], str]] = {
    "id_number": _code,
    "mobile": _mobile,
    "account": _digits,
    "vin": _code,
    "plate": _code,
    "uscc": _code,
}
