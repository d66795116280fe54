"""Tables: what an address may ask, what a page shows, and files that a spreadsheet cannot run."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from cheqi.ui.choices import Badge, Tone
from cheqi.ui.tables import Column, Kind, Table, csv_lines, csv_response

ACCEPTED = Badge("通过", Tone.OK)


@dataclass(frozen=True)
class Line:
    number: str
    amount_fen: int
    state: Badge = ACCEPTED
    url: str = "/case/1/"


class Cases(Table):
    key = "cases"
    caption = "案件"
    columns = (
        Column("number", "单号", Kind.LINK, sort="number", is_optional=False),
        Column("amount_fen", "金额", Kind.MONEY, sort="loan__amount_fen"),
        Column("state", "状态", Kind.BADGE),
        Column("note", "备注", is_hidden=True),
    )


def lines(count: int) -> list[Line]:
    return [Line(f"CQ-{index:03}", index * 100) for index in range(count)]


def drawn(table: Table, address: str = "/cases/") -> str:
    request = RequestFactory().get(address)
    text = Template("{% show it %}").render(Context({"it": table, "request": request}))
    return " ".join(text.split())


def test_a_wish_is_read_from_the_address() -> None:
    wish = Cases.read({"sort": "-amount_fen", "page": "3", "size": "20", "q": " 王 ", "columns": "note"})
    assert (wish.sort, wish.is_descending, wish.offset, wish.limit, wish.search) == (
        "amount_fen",
        True,
        40,
        21,
        "王",
    )
    assert wish.order_by("-opened_at", "id") == ("-loan__amount_fen", "-opened_at", "id")


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "password"},
        {"sort": "state"},
        {"page": "-1"},
        {"page": "x"},
        {"size": "1000000"},
        {"columns": "secret,,"},
        {"page": "²"},
    ],
)
def test_nonsense_in_the_address_is_the_default(query: dict[str, str]) -> None:
    wish = Cases.read(query)
    assert (wish.sort, wish.page, wish.size, wish.columns) == ("", 1, 50, ())
    assert wish.order_by("id") == ("id",)


def test_one_row_more_than_a_page_means_there_is_a_next_one() -> None:
    wish = Cases.read({"size": "20"})
    full = Cases(wish, lines(21))
    assert (len(full.rows), full.next_page) == (20, 2)
    last = Cases(wish, lines(20), total=20)
    assert (len(last.rows), last.next_page, last.last_page) == (20, None, 1)


def test_a_head_turns_its_order_and_says_it_aloud() -> None:
    html = drawn(Cases(Cases.read({"sort": "number"}), lines(1)), "/cases/?sort=number&q=x")
    assert 'aria-sort="ascending"><a href="?sort=-number&amp;q=x">单号' in html
    assert '<th scope="col" class="end" aria-sort="none"><a href="?sort=amount_fen&amp;q=x">金额' in html
    assert '<td data-label="金额" class="end"><span class="money">¥0.00</span></td>' in html


def test_columns_can_be_chosen_and_the_fixed_one_stays() -> None:
    chosen = Cases(Cases.read({"columns": "note"}), lines(1))
    assert [column.key for column in chosen.shown_columns] == ["number", "note"]
    default = Cases(Cases.read({}), lines(1))
    assert [column.key for column in default.shown_columns] == ["number", "amount_fen", "state"]


def test_an_empty_list_offers_help_and_a_narrowed_one_to_widen() -> None:
    assert "这里还没有内容" in drawn(Cases(Cases.read({}), []))
    narrowed = drawn(Cases(Cases.read({"q": "王"}), []), "/cases/?q=王")
    assert "没有符合条件的记录" in narrowed
    assert '<a class="btn" href="/cases/">清除筛选</a>' in narrowed


def test_a_file_has_plain_amounts_and_no_formulas() -> None:
    rows = [Line("=HYPERLINK(1)", -12_345), Line("+1", 5)]
    text = "".join(csv_lines(Cases.columns[:3], rows))
    assert text == "\ufeff单号,金额,状态\r\n'=HYPERLINK(1),-123.45,通过\r\n'+1,0.05,通过\r\n"


def test_a_file_follows_the_chosen_columns_and_is_kept_nowhere() -> None:
    request = RequestFactory().get("/cases.csv?columns=amount_fen")
    response = csv_response(request, Cases, lines(2), filename="cases.csv")
    assert response.getvalue().decode() == "\ufeff单号,金额\r\nCQ-000,0.00\r\nCQ-001,1.00\r\n"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'


def test_a_moment_in_a_file_is_on_the_lenders_clock() -> None:
    at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    text = "".join(csv_lines([Column("at", "时间", Kind.MOMENT)], [{"at": at}, {"at": None}]))
    assert text == '\ufeff时间\r\n2026-11-26 10:00:00+08:00\r\n""\r\n'
