"""Canonical JSON (RFC 8785), restricted to what we log: one value, one sequence of bytes.

Objects sort by the UTF-16 code units of their keys, nothing is spaced, text is UTF-8 and only escaped
where JSON demands it. Numbers are whole and at most 2^53 − 1 in size, so that every reader of JSON sees
the same number; floating point is refused.

>>> dumps({"b": [1, True, None], "a": "车契"}).decode()
'{"a":"车契","b":[1,true,null]}'
"""

import json
from collections.abc import Mapping
from typing import Any

MAX_INTEGER = 2**53 - 1

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


class NotCanonical(TypeError):
    """A value that has no single canonical form here: floating point, a huge number, a broken text."""


def dumps(value: Any) -> bytes:
    """The canonical bytes of a JSON value. Raises NotCanonical."""
    text = _ENCODER.encode(_checked(value))
    try:
        return text.encode()
    except UnicodeEncodeError as problem:
        raise NotCanonical(f"text with half a character: {problem}") from problem


def _checked(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is int:
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(f"{value} is beyond 2^53 - 1; write it as text")
        return value
    if isinstance(value, Mapping):
        keys = list(value)
        if not all(isinstance(key, str) for key in keys):
            raise NotCanonical(f"keys must be text: {keys!r}")
        keys.sort(key=None if all(map(str.isascii, keys)) else _utf16)
        return {key: _checked(value[key]) for key in keys}
    if kind is list or kind is tuple:
        return [_checked(each) for each in value]
    raise NotCanonical(f"{kind.__name__} cannot be logged: {value!r}")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
