"""The cells of a decision table: a value, a list of values, a comparison or a range; never code.

>>> as_test(">= 18", Column("age", ValueKind.NUMBER))
'>= 18'
>>> as_test(["OWN", "LEASE"], Column("usage", ValueKind.TEXT))
'"OWN", "LEASE"'
"""

import json
import re
from decimal import Decimal
from typing import Any

from cheqi.rules.model import Column, Scalar, ValueKind

_NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?"
_COMPARISON = re.compile(rf"(?:<=|>=|<|>|!=)\s*{_NUMBER}")
_RANGE = re.compile(rf"[\[(]\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*[\])]")
_PLAIN_NUMBER = re.compile(_NUMBER)


def as_test(cell: Any, column: Column) -> str | None:
    """The cell as the table engine tests it, or None where the column cannot hold such a cell."""
    if isinstance(cell, list | tuple):
        tests = [as_test(part, column) if _is_single(part, column) else None for part in cell]
        return ", ".join(test for test in tests if test) if tests and all(tests) else None
    if _is_single(cell, column):
        return _single(cell)
    if column.kind is ValueKind.NUMBER and isinstance(cell, str):
        text = cell.strip()
        return text if _COMPARISON.fullmatch(text) or _RANGE.fullmatch(text) else None
    return None


def fits(value: Any, column: Column) -> bool:
    """Whether a column can hold the value; nothing fits an optional one."""
    return (value is None and column.is_optional) or _is_single(value, column)


def _is_single(value: Any, column: Column) -> bool:
    """Whether it is one value of the column's kind."""
    if column.kind is ValueKind.BOOLEAN:
        return isinstance(value, bool)
    if column.kind is ValueKind.NUMBER:
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return number and bool(_PLAIN_NUMBER.fullmatch(plain_number(value)))
    return isinstance(value, str) and (not column.values or value in column.values)


def _single(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else plain_number(value)


def plain_number(value: Any) -> str:
    """A number without an exponent, for a cell or a JSON text."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
