"""Papers say what they must, and what people are called is never read as markup."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from cheqi.foundation.paper import fonts, samples
from cheqi.foundation.paper.checks import fonts_are_there
from cheqi.foundation.paper.operations import render
from cheqi.foundation.paper.wording import capital_yuan, percent


def text_of(pdf: bytes) -> str:
    """The words on all pages without white space, since lines break anywhere in Chinese."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_contract_shows_the_annual_rate_the_parties_and_every_installment() -> None:
    words = text_of(render(samples.loan_contract(), samples.SIGNATORIES))
    for said in (
        "综合年化利率（IRR内部收益率法）",
        "6.17%",
        "人民币玖万陆仟元整",
        "王小雨",
        "LSFDEMO13RA000017",
    ):
        assert said in words
    assert "104,879.88" in words
    for each in samples.installments():
        assert f"{each.due_date.year}年{each.due_date.month}月15日" in words


def test_a_contract_has_its_articles_and_counts_its_pages() -> None:
    words = text_of(render(samples.loan_contract(), samples.SIGNATORIES))
    for title in ("自动扣款授权", "提前还款", "逾期与违约责任", "车辆抵押", "个人信息", "争议解决", "签署页"):
        assert title in words
    assert "第1页，共5页" in words


def test_a_guarantor_brings_the_article_on_guarantee() -> None:
    without = text_of(render(samples.loan_contract()))
    with_one = text_of(render(replace(samples.loan_contract(), has_guarantor=True)))
    assert "连带责任保证" not in without
    assert "连带责任保证" in with_one


def test_the_heading_of_a_long_schedule_is_repeated_on_its_next_page() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(samples.loan_contract(months=60))))
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    assert sum("剩余本金（元）" in page for page in pages) == 2


def test_a_name_that_looks_like_markup_is_printed_as_it_is() -> None:
    name = '#eval("1+1") *王* $x$ \\ <a> "'
    words = text_of(render(replace(samples.loan_contract(), persons=(replace(samples.BORROWER, name=name),))))
    assert "".join(name.split()) in words.replace("“", '"').replace("”", '"')


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render(samples.repayment_schedule()) == render(samples.repayment_schedule())


def test_an_authorisation_shows_what_was_agreed_and_when() -> None:
    words = text_of(render(samples.credit_authorisation()))
    assert "审核本人的汽车贷款申请" in words
    assert "2026年12月1日09:01:40" in words


def test_a_schedule_that_does_not_repay_the_principal_is_not_printed() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        replace(samples.loan_contract(), principal_fen=9_600_001)


def test_fonts_come_embedded() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(samples.repayment_schedule())))
    used = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = {font.get_object()["/BaseFont"] for font in used}
    assert names
    assert all("NotoSansSC" in name for name in names)


def test_missing_fonts_are_said_at_start_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHEQI_FONTS", str(tmp_path / "nowhere"))
    (warning,) = fonts_are_there(None)
    assert "npm ci" in warning.msg
    assert "nowhere" in warning.msg
    with pytest.raises(fonts.UnableToFindFonts):
        fonts.regular_font()


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (1_010_100, "壹万零壹佰零壹元整"),
        (10_000_000, "壹拾万元整"),
        (10_005_000, "壹拾万零伍拾元整"),
        (100_000_000_00, "壹亿元整"),
        (100_010_000_01, "壹亿零壹万元零壹分"),
        (12_345_678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
    ],
)
def test_amounts_in_capital_characters(fen: int, words: str) -> None:
    assert capital_yuan(fen) == words


def test_rates_are_rounded_half_up() -> None:
    assert percent(Decimal("0.061650")) == "6.17%"
    assert percent(Decimal("0.24")) == "24.00%"
