"""Salted commitments: a leaf says that a record existed without saying what it was.

A commitment is HMAC-SHA-256 under a random 32-byte salt of the record's own. With the record and the salt
anybody can recompute it; without the salt nobody can guess even a four-digit number from it, so erasing a
record with its salt leaves every proof valid and nothing to learn.

>>> commit(b"record", bytes(32)).hex()[:16]
'c909db95bf61ed25'
"""

import hashlib
import hmac

from cheqi.core.evidence.canonical import dumps

SALT_BYTES = 32


def commit(record: bytes, salt: bytes) -> bytes:
    """The commitment to a record's bytes. Raises ValueError for a salt of another length than 32."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hmac.digest(salt, record, hashlib.sha256)


def commit_json(value: object, salt: bytes) -> bytes:
    """The commitment to a JSON value in its canonical form."""
    return commit(dumps(value), salt)
