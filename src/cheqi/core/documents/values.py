"""From the text behind a label to a value, and the reasons why it may not be trusted.

Cleaning only takes away what is not part of the value (spaces, units of layout) and writes dates and amounts
in one form; it never changes a character into another. A value is accepted when nothing objects:

>>> clean(Form.DATE, "2018-06-14")
Cleaned(value='2018-06-14', objections=())
>>> clean(Form.VIN, "HHGHH555778802669").objections[0].rule
'identifiers.vin.check_digit'
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cheqi.core.base import identifiers
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.core.documents import vocabulary
from cheqi.core.documents.amounts import figures_in_fen, words_in_fen
from cheqi.core.documents.fields import Form

LONG_TERM = "长期"
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\D{0,3}?(\d{1,2})\D{1,3}?(\d{1,2})(?!\d)|(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)"
)
_WIDE = {",": "，", ";": "；", ":": "："}
_MEASURE = re.compile(
    r"\d+(?:\.\d+)?(?:人|kg|KG|Kg|千克|mm|MM|ml|mL|L|%|kw|kW|KW)?(?:[×/]\d+(?:\.\d+)?(?:kg|mm|ml|mL|L|kw|kW|KW)?)*|--+"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A value in its one form (empty: nothing was there) and all that objects to it."""

    value: str
    objections: tuple[Finding, ...] = ()


def objection(rule: str, zh: str, en: str, **data: str) -> Finding:
    """A finding of this package."""
    return Finding(f"documents.{rule}", Text(zh, en), data=tuple(sorted(data.items())))


def clean(form: Form, text: str) -> Cleaned:
    """The value of `text` as `form` says, with its objections."""
    if not text.strip():
        return Cleaned("", (_missing(),))
    return _CLEANERS[form](text)


def dates_in(text: str) -> tuple[str, ...]:
    """Every possible date in the text, ISO."""
    found = []
    for match in _DATE.finditer(unicodedata.normalize("NFKC", text)):
        parts = [part for part in match.groups() if part]
        try:
            found.append(date(*(int(part) for part in parts)).isoformat())
        except ValueError:
            continue
    return tuple(found)


def _missing() -> Finding:
    return objection(
        "value_missing", "没有读到内容，请对照原件填写", "Nothing was read: enter it from the document"
    )


def _squeezed(text: str) -> str:
    """Half-width letters and digits, no spaces, Chinese brackets and dots."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = plain.replace("(", "（").replace(")", "）")
    plain = re.sub(r"(?<=[\u3400-\u9fff）])[,;:](?!\d{3})", lambda match: _WIDE[match.group()], plain)
    return re.sub(r"(?<=[\u3400-\u9fff])[·•・.‧∙](?=[\u3400-\u9fff])", "·", plain)


def _number(
    check: Callable[[str], tuple[Finding, ...]], normalise: Callable[[str], str], shape: str
) -> Callable[[str], Cleaned]:
    """Of a number's shape; digits lose the No. that announces them (an English sublabel read in capitals)."""

    def cleaner(text: str) -> Cleaned:
        number = normalise(text)
        if shape[:5] == "[0-9]":
            number = number.removeprefix("NO")
        inside = re.findall(rf"(?<![0-9A-Z]){shape}(?![0-9A-Z])", number)
        value = inside[0] if len(inside) == 1 else number
        return Cleaned(value, check(value))

    return cleaner


def _party_number(text: str) -> Cleaned:
    number = re.sub(r"[^0-9A-Za-z]", "", unicodedata.normalize("NFKC", text)).upper()
    as_person, as_company = identifiers.check_id_number(number), identifiers.check_uscc(number)
    if not as_person or not as_company:
        return Cleaned(number)
    is_personal = number[:17].isdigit()
    return Cleaned(number, as_person if is_personal else as_company)


def _date(text: str) -> Cleaned:
    found = dates_in(text)
    if len(found) == 1:
        return Cleaned(found[0])
    if len(set(found)) > 1:
        return Cleaned(
            found[0],
            (
                objection(
                    "two_dates", "读到两个日期，请选择正确的一个", "Two dates were read: choose the right one"
                ),
            ),
        )
    return Cleaned(_squeezed(text), (objection("no_date", "不是可能的日期", "This is not a possible date"),))


def _listed(values: frozenset[str], strip: str = "") -> Callable[[str], Cleaned]:
    def cleaner(text: str) -> Cleaned:
        value = _squeezed(text)
        if strip and value.endswith(strip) and value.removesuffix(strip) in values:
            value = value.removesuffix(strip)
        return Cleaned(value, () if value in values else (_not_listed(),))

    return cleaner


def _shaped(shape: re.Pattern[str]) -> Callable[[str], Cleaned]:
    def cleaner(text: str) -> Cleaned:
        value = _squeezed(text)
        return Cleaned(value, () if shape.fullmatch(value) else (_unusual(),))

    return cleaner


def _not_listed() -> Finding:
    return objection(
        "not_in_vocabulary",
        "不在允许的取值之内，请核对",
        "It is none of the values allowed here: please check",
    )


def _unusual() -> Finding:
    return objection(
        "unusual_shape", "与这一栏通常的写法不符，请核对", "This field is usually written otherwise"
    )


def _colour(text: str) -> Cleaned:
    value = _squeezed(text)
    known = all(character in vocabulary.COLOURS for character in value.removesuffix("色").replace("/", ""))
    return Cleaned(value, () if known else (_not_listed(),))


def _party(text: str) -> Cleaned:
    value = _squeezed(text)
    known = vocabulary.PERSON.fullmatch(value) or vocabulary.COMPANY.fullmatch(value)
    return Cleaned(value, () if known else (_unusual(),))


def _address(text: str) -> Cleaned:
    value = _squeezed(text)
    known = len(value) >= 6 and re.search(r"[省市区县州盟旗镇乡街路道村号]", value)
    stamped = re.search(r"公安局|管理局", value)
    unfinished = re.search(r"[路街道巷里弄大]\d+$", value)
    odd = re.search(r"[^\u3400-\u9fffA-Za-z0-9（）#\-、·~－—,，.〇]", value)
    return Cleaned(value, () if known and not (odd or unfinished or stamped) else (_unusual(),))


def _code(text: str) -> Cleaned:
    """A model: 讴歌牌GHA7150JAD5B. Letters O and I beside digits cannot be told from 0 and 1."""
    value = _squeezed(text)
    latin = re.sub(r"[\u3400-\u9fff（）·]", "", value)
    shaped = re.fullmatch(r"[\u3400-\u9fffA-Za-z0-9（）·\-/.+]{3,}", value) is not None
    unsure = bool(re.search(r"[OIQ]", latin) and re.search(r"\d", latin))
    objections = () if shaped else (_unusual(),)
    return Cleaned(value, objections + ((_ambiguous(),) if unsure else ()))


def _engine(text: str) -> Cleaned:
    value = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    shaped = re.fullmatch(r"[\u3400-\u9fffA-Z0-9\-/.*]{4,25}", value) is not None
    unsure = re.search(r"[OIQ]|(?<=[A-Z])[01]|[01](?=[A-Z])", value) is not None
    objections = () if shaped else (_unusual(),)
    return Cleaned(value, objections + ((_ambiguous(),) if unsure else ()))


def _ambiguous() -> Finding:
    return objection(
        "ambiguous_characters",
        "含 0/O 或 1/I，号码没有校验位，机器无法判断，请对照原件",
        "It has 0/O or 1/I and no check digit: a machine cannot tell, compare with the document",
    )


def _digits(text: str) -> Cleaned:
    value = re.sub(r"[^0-9A-Za-z]", "", unicodedata.normalize("NFKC", text)).upper()
    shaped = re.fullmatch(r"(?=.*\d{4})[0-9A-Z]{6,30}", value) is not None
    objections = () if shaped else (_unusual(),)
    return Cleaned(value, objections + ((_ambiguous(),) if re.search(r"[OIQ]", value) else ()))


def _measure(text: str) -> Cleaned:
    value = re.sub(r"(?<=\d)[xX*✕╳](?=\d)", "×", _squeezed(text))
    has_unit = _MEASURE.fullmatch(value) and re.search(r"\D$", value)
    return Cleaned(value, () if has_unit else (_unusual(),))


def _rate(text: str) -> Cleaned:
    value = _squeezed(text)
    return Cleaned(value, () if re.fullmatch(r"\d{1,2}(?:\.\d+)?%", value) else (_unusual(),))


def _amount(text: str) -> Cleaned:
    fen = figures_in_fen(unicodedata.normalize("NFKC", text))
    if fen is None:
        return Cleaned(_squeezed(text), (_unusual(),))
    return Cleaned(f"{fen // 100}.{fen % 100:02}")


def _amount_words(text: str) -> Cleaned:
    value = re.sub(r"^[^零壹贰叁肆伍陆柒捌玖拾]+", "", _squeezed(text))
    return Cleaned(value, () if words_in_fen(value) is not None else (_unusual(),))


def _total(text: str) -> Cleaned:
    """Words and figures in one line (壹仟元整（￥：1000.00元）): the figures, which the words must repeat."""
    plain = unicodedata.normalize("NFKC", text)
    cleaned = _amount(plain)
    said = re.search(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[圆元][零壹贰叁肆伍陆柒捌玖角分整正]*", plain)
    if cleaned.objections or said is None:
        return cleaned
    agree = words_in_fen(said.group()) == figures_in_fen(plain)
    return cleaned if agree else Cleaned(cleaned.value, (amounts_differ(),))


def amounts_differ() -> Finding:
    """The words of an amount and its figures say different things."""
    return objection("amounts_differ", "大小写金额不一致", "The amount in words and figures disagree")


_CAPITAL = re.compile(
    r"(?:人民币)?(?:\d+(?:\.\d+)?万?元?|([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[圆元][整正]?))(?:人民币)?(?:（.*）)?"
)


def _capital(text: str) -> Cleaned:
    """Registered capital: 壹佰万元整, or 100万元人民币."""
    value = _squeezed(text)
    match = _CAPITAL.fullmatch(value)
    known = match is not None and (match.group(1) is None or words_in_fen(match.group(1)) is not None)
    return Cleaned(value, () if known else (_unusual(),))


def _prose(text: str) -> Cleaned:
    """Long text: shown as it was read, never vouched for (a lost comma cannot be noticed)."""
    why = objection(
        "long_text", "较长文字仅供参考，不自动采信", "Long text is for reference and never accepted"
    )
    return Cleaned(_squeezed(text), (why,))


def _text(text: str) -> Cleaned:
    value = _squeezed(text)
    return Cleaned(value, () if len(value) >= 2 else (_unusual(),))


_CLEANERS: MappingProxyType[Form, Callable[[str], Cleaned]] = MappingProxyType(
    {
        Form.ID_NUMBER: _number(
            identifiers.check_id_number, identifiers.normalise_id_number, "[0-9]{17}[0-9X]"
        ),
        Form.VIN: _number(identifiers.check_vin, identifiers.normalise_vin, "[0-9A-Z]{17}"),
        Form.USCC: _number(identifiers.check_uscc, identifiers.normalise_uscc, "[0-9A-Z]{18}"),
        Form.BANK_CARD: _number(identifiers.check_bank_card, identifiers.normalise_bank_card, "[0-9]{16,19}"),
        Form.PLATE: _number(
            identifiers.check_plate, identifiers.normalise_plate, "[一-龥][A-Z][0-9A-Z]{5,6}"
        ),
        Form.PARTY_NUMBER: _party_number,
        Form.DATE: _date,
        Form.PERIOD: _date,
        Form.PERSON: _shaped(vocabulary.PERSON),
        Form.PARTY: _party,
        Form.ADDRESS: _address,
        Form.SEX: _listed(vocabulary.SEXES),
        Form.NATION: _listed(vocabulary.NATIONS, "族"),
        Form.NATIONALITY: _listed(vocabulary.NATIONALITIES),
        Form.VEHICLE_TYPE: _shaped(vocabulary.VEHICLE_TYPE),
        Form.VEHICLE_CLASS: _shaped(vocabulary.VEHICLE_CLASS),
        Form.USE: _listed(vocabulary.USES),
        Form.COLOUR: _colour,
        Form.FUEL: _listed(vocabulary.FUELS),
        Form.ORIGIN: _listed(vocabulary.ORIGINS),
        Form.MODEL: _code,
        Form.ENGINE: _engine,
        Form.AUTHORITY: _shaped(vocabulary.AUTHORITY),
        Form.DIGITS: _digits,
        Form.MEASURE: _measure,
        Form.RATE: _rate,
        Form.AMOUNT: _amount,
        Form.AMOUNT_WORDS: _amount_words,
        Form.TEXT: _text,
        Form.CAPITAL: _capital,
        Form.PROSE: _prose,
        Form.BANK: _shaped(vocabulary.BANK),
        Form.CURRENCY: _listed(vocabulary.CURRENCIES),
        Form.TOTAL: _total,
    }
)
