"""What an event may carry, to JSON and back, and as words in a sentence.

>>> to_json(date(2026, 12, 1)), from_json("2026-12-01", date)
('2026-12-01', datetime.date(2026, 12, 1))
>>> spoken("price_fen", 1_250_000)
'¥12,500.00'
"""

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

SCALARS: tuple[type, ...] = (bool, int, str, Decimal, datetime, date, types.NoneType)
_SEQUENCES = (tuple, list, Sequence)
_MAPPINGS = (dict, Mapping)

_kinds: dict[type, dict[str, Any]] = {}


def kinds_of(cls: type) -> dict[str, Any]:
    """The kinds of a dataclass's fields, resolved. Raises TypeError for a kind that cannot be logged."""
    if cls not in _kinds:
        _kinds[cls] = _resolved(cls)
    return _kinds[cls]


def _resolved(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    kinds = {name: hints[name] for name in getattr(cls, "__dataclass_fields__", {}) if name in hints}
    kinds = {name: kind for name, kind in kinds.items() if not str(kind).startswith("typing.ClassVar")}
    for name, kind in kinds.items():
        _check(kind, f"{cls.__name__}.{name}")
    return kinds


def to_json(value: object) -> Any:
    """A value as JSON holds it. Raises TypeError for floating point and for anything unknown."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"a logged time needs its zone: {value!r}")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [to_json(each) for each in value]
    if isinstance(value, Mapping):
        return {_key(key): to_json(each) for key, each in value.items()}
    raise TypeError(f"an event cannot carry {type(value).__name__}: {value!r}")


def from_json(value: Any, kind: Any) -> Any:
    """The value again, as `kind` says. Raises TypeError or ValueError where it does not fit."""
    if get_origin(kind) in (Union, types.UnionType):
        return _from_union(value, get_args(kind))
    if get_origin(kind) in _SEQUENCES:
        item = get_args(kind)[0]
        made = [from_json(each, item) for each in value]
        return made if get_origin(kind) is list else tuple(made)
    if get_origin(kind) in _MAPPINGS:
        item = get_args(kind)[1]
        return {key: from_json(each, item) for key, each in value.items()}
    return _scalar_from_json(value, kind)


def spoken(name: str, value: object) -> str:
    """The value as a person reads it; a name that ends in `_fen` is money."""
    if value is None or value == "":
        return "—"
    if name.endswith("_fen") and isinstance(value, int):
        sign = "-" if value < 0 else ""
        return f"{sign}¥{abs(value) // 100:,}.{abs(value) % 100:02d}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (tuple, list)):
        return "、".join(spoken("", each) for each in value)
    if isinstance(value, Mapping):
        return "、".join(f"{key}={spoken('', each)}" for key, each in value.items())
    return str(value)


def _from_union(value: Any, kinds: tuple[Any, ...]) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    exact = [kind for kind in kinds if kind is type(value)]
    last: Exception = TypeError(f"{value!r} is none of {kinds}")
    for kind in exact or [each for each in kinds if each is not types.NoneType]:
        try:
            return from_json(value, kind)
        except (TypeError, ValueError) as problem:
            last = problem
    raise last


def _scalar_from_json(value: Any, kind: Any) -> Any:
    if kind is types.NoneType and value is None:
        return None
    if kind in (bool, int, str) and type(value) is kind:
        return value
    if isinstance(value, str) and kind in (date, datetime):
        return kind.fromisoformat(value)
    if isinstance(value, str) and kind is Decimal:
        return Decimal(value)
    if isinstance(value, str) and isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    raise TypeError(f"{value!r} is not of the kind {kind}")


def _check(kind: Any, where: str) -> None:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        parts = get_args(kind)
    elif origin in _SEQUENCES:
        parts = tuple(each for each in get_args(kind) if each is not ...)
        if origin is tuple and get_args(kind)[-1] is not ...:
            raise TypeError(f"{where}: a tuple is written tuple[kind, ...]")
    elif origin in _MAPPINGS:
        parts = get_args(kind)[1:]
        if get_args(kind)[0] is not str:
            raise TypeError(f"{where}: a map has text keys")
    elif kind in SCALARS or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return
    else:
        raise TypeError(f"{where}: an event cannot carry {kind}")
    for part in parts:
        _check(part, where)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a map has text keys, not {key!r}")
    return str(key)
