"""Pages of a list by cursor: newest first, stable while rows are added.

>>> decode(encode(381))
381
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from ninja import Query
from pydantic import Field

from cheqi.core.base.text import Text
from cheqi.web.api.errors import invalid

T = TypeVar("T")
MOST = 100
_LARGEST = 2**63 - 1

Cursor = Annotated[
    str, Query("", max_length=40, description="`next_cursor` of the page before; empty for the first page.")
]
Limit = Annotated[int, Query(50, ge=1, le=MOST, description="How many on a page.")]
Id = Annotated[int, Field(ge=1, le=_LARGEST)]


def encode(last_id: int) -> str:
    """The cursor behind a row."""
    return base64.urlsafe_b64encode(f"id:{last_id}".encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """The id that a cursor stands for; the largest for an empty one. Raises Problem (422)."""
    if not cursor:
        return _LARGEST
    try:
        name, _, last = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).partition(b":")
        if name == b"id" and last.isdigit() and int(last) <= _LARGEST:
            return int(last)
    except (binascii.Error, ValueError):
        pass
    message = Text("分页游标无效，请从第一页重新开始", "The cursor is not valid: begin at the first page")
    raise invalid("api.cursor", message, "cursor")


def cut(rows: Sequence[T], limit: int, id_of: Callable[[T], int]) -> tuple[list[T], str | None]:
    """The rows of this page and the cursor of the next, from one row more than the page holds."""
    page = list(rows[:limit])
    return page, encode(id_of(page[-1])) if len(rows) > limit else None
