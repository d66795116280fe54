"""Tables declared in Python: columns with sorting, filters, paging, a choice of columns and CSV.

A list page is three lines: read the wish from the address, ask the query for one page of rows, show it.

>>> class CaseTable(Table):
...     key = "cases"
...     columns = (Column("number", "单号", sort="number"), Column("amount_fen", "金额", kind=Kind.MONEY))

    wish = CaseTable.read(request.GET)
    rows = queries.cases(actor, order_by=wish.order_by("number"), offset=wish.offset, limit=wish.limit)
    table = CaseTable(wish, rows, total=None)

`limit` is one more than a page, so that "is there a next page" costs no second statement; with a `total` the
foot also says how many there are. Sorting is by declared names only; anything else in the address is ignored.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheqi.core.base.money import FEN_PER_YUAN
from cheqi.ui.choices import as_badge
from cheqi.ui.parts import EmptyState

PAGE_SIZES = (20, 50, 100)
LAST_PAGE = 2_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Kind(StrEnum):
    """How a cell is drawn."""

    TEXT = "text"
    MONEY = "money"
    MOMENT = "moment"
    DURATION = "duration"
    BADGE = "badge"
    TIME_BAR = "time_bar"
    NUMBER = "number"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the row's attribute or key, its head, how it is drawn, and what it is sorted by.

    `sort` is the ORM expression behind the column (empty: not sortable); `url` the row's attribute with
    the address a LINK leads to; `is_optional` columns can be hidden, `is_hidden` ones start so.
    """

    key: str
    label: str | Promise
    kind: Kind = Kind.TEXT
    sort: str = ""
    url: str = "url"
    is_optional: bool = True
    is_hidden: bool = False

    @property
    def is_end(self) -> bool:
        """Figures stand at the right."""
        return self.kind in {Kind.MONEY, Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks of a table, with everything unknown left out."""

    sort: str = ""
    is_descending: bool = False
    page: int = 1
    size: int = PAGE_SIZES[1]
    search: str = ""
    columns: tuple[str, ...] = ()
    sort_expression: str = ""

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.size

    @property
    def limit(self) -> int:
        """One more than a page: its presence says that there is a next one."""
        return self.size + 1

    def order_by(self, *default: str) -> tuple[str, ...]:
        """For `QuerySet.order_by`: the wished order before the default one, which ends in a unique key."""
        if not self.sort_expression:
            return default
        chosen = f"-{self.sort_expression}" if self.is_descending else self.sort_expression
        return (chosen, *(name for name in default if name.lstrip("-") != self.sort_expression))


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: where a click leads, and which way it is sorted now."""

    column: Column
    sort_value: str
    aria_sort: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with its column."""

    column: Column
    value: Any
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row and where it opens."""

    cells: tuple[Cell, ...]
    url: str


def value_of(row: Any, key: str) -> Any:
    """A row's value, whether it is a mapping or an object; nothing where it has none."""
    return row.get(key) if isinstance(row, Mapping) else getattr(row, key, None)


class Table:
    """One page of rows. Subclasses declare `key`, `columns`, `caption` and `empty`."""

    template: ClassVar[str] = "ui/parts/table.html"
    key: ClassVar[str] = "table"
    columns: ClassVar[tuple[Column, ...]] = ()
    caption: ClassVar[str | Promise] = ""
    search_hint: ClassVar[str | Promise] = ""
    csv_url: str = ""
    empty: EmptyState = EmptyState(_("这里还没有内容"), icon="inbox")

    def __init__(self, wish: Wish, rows: Sequence[Any], *, total: int | None = None) -> None:
        self.wish = wish
        self.total = total
        self.has_next = len(rows) > wish.size
        self._rows = rows[: wish.size]

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wish:
        """The wish of an address: `sort page size q columns`; nonsense falls back to the default."""
        named = {column.key: column for column in cls.columns}
        asked = query.get("sort", "")
        sort = asked.removeprefix("-")
        expression = named[sort].sort if sort in named else ""
        chosen = tuple(name for name in query.get("columns", "").split(",") if name in named)
        size = _whole(query.get("size"), PAGE_SIZES[1])
        return Wish(
            sort=sort if expression else "",
            is_descending=bool(expression) and asked.startswith("-"),
            page=min(max(_whole(query.get("page"), 1), 1), LAST_PAGE),
            size=size if size in PAGE_SIZES else PAGE_SIZES[1],
            search=query.get("q", "").strip()[:60],
            columns=chosen,
            sort_expression=expression,
        )

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """The chosen columns, or those that are not hidden at first; fixed ones always."""
        chosen = self.wish.columns
        return tuple(
            column
            for column in self.columns
            if not column.is_optional or (column.key in chosen if chosen else not column.is_hidden)
        )

    @property
    def optional_columns(self) -> list[tuple[Column, bool, str]]:
        """For the column menu: each column, whether it is shown, and the choice with it switched."""
        shown = [column.key for column in self.shown_columns]
        choices = []
        for column in self.columns:
            if not column.is_optional:
                continue
            rest = [key for key in shown if key != column.key]
            is_on = column.key in shown
            choices.append((column, is_on, ",".join(rest if is_on else [*shown, column.key])))
        return choices

    @property
    def heads(self) -> list[Head]:
        """The heads with the next sort order of each."""
        heads = []
        for column in self.shown_columns:
            is_current = column.key == self.wish.sort
            direction = "descending" if self.wish.is_descending else "ascending"
            turned = f"-{column.key}" if is_current and not self.wish.is_descending else column.key
            heads.append(Head(column, turned if column.sort else "", direction if is_current else "none"))
        return heads

    @property
    def rows(self) -> list[Row]:
        """The rows of this page, ready to draw."""
        return [
            Row(
                tuple(
                    Cell(column, value_of(row, column.key), value_of(row, column.url) or "")
                    for column in self.shown_columns
                ),
                value_of(row, "url") or "",
            )
            for row in self._rows
        ]

    @property
    def is_filtered(self) -> bool:
        """Something narrows the list, so an empty one may only mean that nothing fits."""
        return bool(self.wish.search) or self.wish.page > 1

    @property
    def first_number(self) -> int:
        """The number of the first row shown."""
        return self.wish.offset + 1

    @property
    def last_number(self) -> int:
        """The number of the last row shown."""
        return self.wish.offset + len(self._rows)

    @property
    def previous_page(self) -> int | None:
        """The page before, if there is one."""
        return self.wish.page - 1 if self.wish.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The page after, if there is one."""
        return self.wish.page + 1 if self.has_next else None

    @property
    def last_page(self) -> int | None:
        """The number of pages, where the total is known."""
        return None if self.total is None else max(1, -(-self.total // self.wish.size))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default


def csv_value(column: Column, value: Any) -> str:
    """A cell for a spreadsheet; text that it would run as a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if column.kind is Kind.MONEY:
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // FEN_PER_YUAN}.{abs(value) % FEN_PER_YUAN:02}"
    if column.kind is Kind.BADGE:
        return str(as_badge(value).label)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | int):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The file line by line, so that a long list needs no memory; the mark in front is for Excel."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"
    for values in _csv_rows(columns, rows):
        writer.writerow(values)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _csv_rows(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[list[str]]:
    yield [str(column.label) for column in columns]
    for row in rows:
        yield [csv_value(column, value_of(row, column.key)) for column in columns]


def csv_response(
    request: HttpRequest, table: type[Table], rows: Iterable[Any], *, filename: str
) -> StreamingHttpResponse:
    """The whole list as a file, in the columns that the address chooses."""
    columns = table(table.read(request.GET), []).shown_columns
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response
