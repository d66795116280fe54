"""Check digits: published numbers pass, every objection is named, and slips of one character are caught."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base import identifiers as numbers
from cheqi.core.base.findings import Finding

digits_17 = st.dates(date(1900, 1, 1), date(2025, 1, 1)).flatmap(
    lambda born: st.integers(0, 999).map(lambda sequence: f"110105{born:%Y%m%d}{sequence:03}")
)
vin_bodies = st.text(numbers.VIN_ALPHABET, min_size=17, max_size=17)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.removeprefix("identifiers.") for finding in findings]


@pytest.mark.parametrize(
    ("number", "objections"),
    [
        ("11010519491231002X", []),
        ("11010519491231002x", []),
        ("110105 19491231 002X", []),
        ("110105194912310021", ["id_number.check_digit"]),
        ("11010519490231002X", ["id_number.birth_date", "id_number.check_digit"]),
        ("99010519491231002X", ["id_number.region", "id_number.check_digit"]),
        ("110105491231002", ["id_number.shape"]),
        ("", ["id_number.shape"]),
        ("１１０１０５１９４９１２３１００２Ｘ", []),
    ],
)
def test_an_id_number_is_right_or_says_all_that_is_wrong(number: str, objections: list[str]) -> None:
    assert rules(numbers.check_id_number(number)) == objections


def test_an_id_number_tells_birth_date_sex_and_region() -> None:
    facts = numbers.id_facts("11010519491231002X")
    assert facts == numbers.IdFacts(date(1949, 12, 31), numbers.Sex.FEMALE, "110105")
    assert numbers.id_facts("110105194912310021") is None


def test_a_birth_after_today_is_refused_only_when_today_is_known() -> None:
    body = "11010520300101001"
    number = body + numbers.id_check_digit(body)
    assert rules(numbers.check_id_number(number)) == []
    assert rules(numbers.check_id_number(number, today=date(2026, 1, 1))) == ["id_number.birth_date"]


@given(digits_17, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_of_an_id_number_is_caught(body: str, place: int, shift: int) -> None:
    right = body + numbers.id_check_digit(body)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert numbers.check_id_number(right) == ()
    assert numbers.check_id_number(wrong) != ()


@given(digits_17, st.integers(0, 15))
def test_swapped_neighbours_in_an_id_number_are_caught(body: str, place: int) -> None:
    right = body + numbers.id_check_digit(body)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert (numbers.check_id_number(swapped) == ()) == (swapped == right)


@pytest.mark.parametrize(
    ("vin", "objections"),
    [
        ("1M8GDM9AXKP042788", []),
        ("11111111111111111", []),
        ("lsvau2180 n2183294", ["vin.check_digit"]),
        ("HHGHH555778802669", ["vin.check_digit"]),
        ("1M8GDM9AXKP04278O", ["vin.shape"]),
        ("1M8GDM9AXKP04278", ["vin.shape"]),
    ],
)
def test_a_vin_is_right_or_says_what_is_wrong(vin: str, objections: list[str]) -> None:
    assert rules(numbers.check_vin(vin)) == objections


@given(vin_bodies, st.integers(0, 16), st.integers(1, 9))
def test_a_wrong_digit_in_a_vin_is_caught(body: str, place: int, shift: int) -> None:
    right = body[:8] + numbers.vin_check_digit(body) + body[9:]
    assert numbers.check_vin(right) == ()
    if right[place].isdigit():
        wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
        assert numbers.check_vin(wrong) != ()


def test_makers_are_known_by_their_world_code() -> None:
    assert numbers.is_known_maker("LSVAU2180N2183294")
    assert numbers.is_known_maker("LGXC16AF0A0000001")
    assert not numbers.is_known_maker("HHGHH555778802669")


@pytest.mark.parametrize(
    ("code", "objections"),
    [
        ("91110000600037341L", []),
        ("91110000600037341l", []),
        ("911100006000373411", ["uscc.check_digit"]),
        ("91110000600037341I", ["uscc.shape"]),
        ("9111000060003734", ["uscc.shape"]),
    ],
)
def test_a_credit_code_is_right_or_says_what_is_wrong(code: str, objections: list[str]) -> None:
    assert rules(numbers.check_uscc(code)) == objections


@given(st.text(USCC, min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 30))
def test_any_single_wrong_character_of_a_credit_code_is_caught(body: str, place: int, shift: int) -> None:
    first = "91110000" + body
    right = first + numbers.uscc_check_character(first)
    other = USCC[(USCC.index(body[place]) + shift) % 31]
    assert numbers.check_uscc(right) == ()
    assert numbers.check_uscc(right[: 8 + place] + other + right[9 + place :]) != ()


@pytest.mark.parametrize(
    ("card", "objections"),
    [
        ("6222 0212 3456 7894", []),
        ("4111111111111111", []),
        ("6222021234567893", ["bank_card.check_digit"]),
        ("62220212", ["bank_card.shape"]),
        ("0000000000000000", ["bank_card.shape"]),
    ],
)
def test_a_card_number_is_right_or_says_what_is_wrong(card: str, objections: list[str]) -> None:
    assert rules(numbers.check_bank_card(card)) == objections


@given(st.text("123456789", min_size=15, max_size=18), st.integers(0, 14), st.integers(1, 9))
def test_any_single_wrong_digit_of_a_card_number_is_caught(body: str, place: int, shift: int) -> None:
    right = "6" + body[1:] + numbers.luhn_digit("6" + body[1:])
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert "bank_card.check_digit" not in rules(numbers.check_bank_card(right))
    assert numbers.check_bank_card(wrong) != ()


@pytest.mark.parametrize(
    ("plate", "right"),
    [
        ("京A12345", True),
        ("京AA5599", True),
        ("京A·D12345", True),
        ("沪AF1B234", False),
        ("粤BDF1234", True),
        ("粤B12345D", True),
        ("粤Z1234港", True),
        ("京AI2345", False),
        ("京AABCDE", False),
        ("A12345", False),
        ("京A1234", False),
    ],
)
def test_a_plate_has_one_of_the_shapes_of_the_standard(plate: str, *, right: bool) -> None:
    assert (numbers.check_plate(plate) == ()) is right


def test_new_energy_plates_are_told_apart() -> None:
    assert numbers.is_new_energy("京A·D12345")
    assert not numbers.is_new_energy("京A12345")


@pytest.mark.parametrize(
    ("mobile", "objections"),
    [
        ("138 0013 8000", []),
        ("+86 138-0013-8000", []),
        ("008613800138000", []),
        ("12012345678", ["mobile.range"]),
        ("14112345678", ["mobile.range"]),
        ("1380013800", ["mobile.shape"]),
        ("1380013800a", ["mobile.shape"]),
    ],
)
def test_a_mobile_number_is_right_or_says_what_is_wrong(mobile: str, objections: list[str]) -> None:
    assert rules(numbers.check_mobile(mobile)) == objections


@given(st.text(max_size=25))
def test_nothing_typed_makes_a_check_fail_with_an_error(typed: str) -> None:
    for check in (
        numbers.check_id_number,
        numbers.check_vin,
        numbers.check_uscc,
        numbers.check_bank_card,
        numbers.check_plate,
        numbers.check_mobile,
    ):
        assert isinstance(check(typed), tuple)
