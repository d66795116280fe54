"""Facts on one document that must agree with each other.

An identity number repeats birth date and sex; a registration is not issued before it is made; an invoice says
its total in figures, in words, and as price plus tax. Whatever disagrees sends all fields concerned to a
clerk: the machine does not know which one is wrong.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from cheqi.core.base import identifiers
from cheqi.core.base.findings import Finding
from cheqi.core.documents.amounts import figures_in_fen, words_in_fen
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.values import LONG_TERM, amounts_differ, objection

_ORDERS = (
    ("birth_date", "first_issue_date"),
    ("first_issue_date", "valid_from"),
    ("valid_from", "valid_until"),
    ("made_date", "register_date"),
    ("register_date", "issue_date"),
)
_PAST = (
    "birth_date", "first_issue_date", "register_date", "issue_date", "made_date", "invoice_date",
    "established_date", "valid_from",
)  # fmt: skip
_ID_CARD_YEARS = frozenset({5, 10, 20})


def disagreements(
    kind: Kind, values: Mapping[str, str], today: date | None
) -> dict[str, tuple[Finding, ...]]:
    """The objections of each field's neighbours, by field."""
    against: dict[str, list[Finding]] = defaultdict(list)
    for keys, finding in _all(kind, values, today):
        for key in keys:
            against[key].append(finding)
    return {key: tuple(findings) for key, findings in against.items()}


def _all(
    kind: Kind, values: Mapping[str, str], today: date | None
) -> Iterator[tuple[tuple[str, ...], Finding]]:
    yield from _identity(values)
    yield from _vehicle(values)
    yield from _dates(values, today)
    if kind is Kind.ID_CARD_BACK:
        yield from _card_term(values)
    if kind in {Kind.PURCHASE_INVOICE, Kind.USED_CAR_INVOICE}:
        yield from _invoice(values)


def _identity(values: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], Finding]]:
    facts = identifiers.id_facts(values.get("id_number", ""))
    if facts is None:
        return
    printed = values.get("birth_date")
    if printed and printed != facts.birth_date.isoformat():
        yield (
            ("birth_date", "id_number"),
            objection("birth_differs", "出生日期与身份证号不一致", "Birth date and ID number disagree"),
        )
    sex = {"男": identifiers.Sex.MALE, "女": identifiers.Sex.FEMALE}.get(values.get("sex", ""))
    if sex is not None and sex is not facts.sex:
        yield (
            ("sex", "id_number"),
            objection("sex_differs", "性别与身份证号不一致", "Sex and ID number disagree"),
        )


def _vehicle(values: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], Finding]]:
    vin = values.get("vin", "")
    if not vin or identifiers.check_vin(vin):
        return
    if not identifiers.is_known_maker(vin):
        yield (
            ("vin",),
            objection(
                "unknown_maker",
                "车辆识别代号前三位不是已知的制造厂，请核对",
                "The first three characters of the VIN name no known maker: please check",
            ),
        )
    if not vin[-4:].isdigit():
        yield (
            ("vin",),
            objection(
                "vin_serial",
                "车辆识别代号后四位通常是数字，请核对",
                "The last four characters are usually digits",
            ),
        )


def _dates(values: Mapping[str, str], today: date | None) -> Iterator[tuple[tuple[str, ...], Finding]]:
    for first, second in _ORDERS:
        earlier, later = _day(values.get(first)), _day(values.get(second))
        if earlier and later and earlier > later:
            yield (
                (first, second),
                objection("dates_out_of_order", "日期先后矛盾，请核对", "The dates contradict each other"),
            )
    for key in _PAST:
        day = _day(values.get(key))
        if day and today and day > today:
            yield (key,), objection("date_in_future", "日期晚于今天，请核对", "The date is after today")


def _card_term(values: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], Finding]]:
    start, end = _day(values.get("valid_from")), _day(values.get("valid_until"))
    if start is None or values.get("valid_until") == LONG_TERM or end is None:
        return
    if end.year - start.year not in _ID_CARD_YEARS or (start.month, start.day) != (end.month, end.day):
        yield (
            ("valid_from", "valid_until"),
            objection(
                "unusual_term", "身份证有效期应为 5、10 或 20 年", "ID cards are valid for 5, 10 or 20 years"
            ),
        )


def _invoice(values: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], Finding]]:
    total = figures_in_fen(values.get("price", ""))
    words = words_in_fen(values.get("price_words", ""))
    tax, net = figures_in_fen(values.get("tax", "")), figures_in_fen(values.get("price_without_tax", ""))
    if total is not None and words is not None and total != words:
        yield (
            ("price", "price_words"),
            amounts_differ(),
        )
    if total is not None and tax is not None and net is not None and total != tax + net:
        yield (
            ("price", "tax", "price_without_tax"),
            objection(
                "sum_differs", "不含税价加税额不等于价税合计", "Price and tax do not add up to the total"
            ),
        )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and text != LONG_TERM else None
    except ValueError:
        return None
