"""The fields of one page: pieces behind their labels joined, cleaned, and weighed by confidence.

How sure is sure depends on what else vouches for a value. A number with a check digit needs its check and no
very doubtful character; a value from a closed list or a parsed date a little more; free text (a name, an
address) has nothing else, so every character must be certain.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from types import MappingProxyType

from cheqi.core.base import identifiers
from cheqi.core.base.findings import Finding
from cheqi.core.documents import vocabulary
from cheqi.core.documents.boxes import Page, Polygon
from cheqi.core.documents.candidates import Candidate, propose
from cheqi.core.documents.fields import FIELDS, Field, Form, labels_of
from cheqi.core.documents.giving import assign
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.labels import Label, Occurrence, Piece
from cheqi.core.documents.layout import Span
from cheqi.core.documents.registration_owner import split_owner
from cheqi.core.documents.twins import doubtful
from cheqi.core.documents.values import LONG_TERM, Cleaned, clean, dates_in, objection

_CHECKED = (0.60, 0.85)
_LISTED = (0.75, 0.90)
_FREE = (0.95, 0.97)
_FREE_ON_POOR_PAGE = (0.985, 0.985)
"""The least confidence of any character, and of their mean."""

_POOR = 0.9
"""A page is poor when one character in twenty is less sure than this: there, wrong ones look surer too."""

_SURENESS: MappingProxyType[Form, tuple[float, float]] = MappingProxyType(
    {
        **dict.fromkeys((Form.ID_NUMBER, Form.VIN, Form.USCC, Form.BANK_CARD, Form.PARTY_NUMBER), _CHECKED),
        **dict.fromkeys(
            (
                Form.SEX, Form.NATION, Form.NATIONALITY, Form.VEHICLE_TYPE, Form.USE, Form.COLOUR, Form.FUEL,
                Form.ORIGIN, Form.AMOUNT_WORDS, Form.CURRENCY,
            ),
            _LISTED,
        ),
    }
)  # fmt: skip
_CHECKS: dict[Form, Callable[[str], tuple[Finding, ...]]] = {
    Form.ID_NUMBER: identifiers.check_id_number,
    Form.VIN: identifiers.check_vin,
    Form.USCC: identifiers.check_uscc,
    Form.BANK_CARD: identifiers.check_bank_card,
    Form.PLATE: identifiers.check_plate,
}
_PROVEN = frozenset({Form.ID_NUMBER, Form.VIN, Form.USCC, Form.BANK_CARD, Form.PLATE, Form.SEX})
"""Forms that a lost character makes impossible."""
_NAMES = frozenset({Form.PERSON, Form.PARTY})
_LISTS = {Form.USE: vocabulary.USES, Form.NATION: vocabulary.NATIONS, Form.FUEL: vocabulary.FUELS}
_LONGEST_PERIOD = 26
_BREAK = 4.0
"""A gap of so many line heights ends a single-line value."""


@dataclass(frozen=True, slots=True)
class Found:
    """A field before facts of other fields have been heard."""

    key: str
    value: str
    confidence: float
    polygon: Polygon
    page: int
    objections: tuple[Finding, ...]
    candidates: tuple[Candidate, ...] = ()


def extract(spans: Sequence[Span], kind: Kind, page: Page, number: int) -> list[Found]:
    """Every field of `kind` on this page, in the kind's order; missing ones with an empty value."""
    occurrences, free = assign(spans, labels_of(kind))
    otherwise = _FREE_ON_POOR_PAGE if _is_poor(spans) else _FREE
    found: list[Found] = []
    for field in FIELDS[kind]:
        own = _own(field, occurrences)
        if field.form is Form.PERIOD and len(own) > 1:
            whole = [occurrence for occurrence in own if len(_dates_of(occurrence)) == 2]
            own = whole or [_joined(own)]
        readings = [
            reading for occurrence in own if (reading := _read(field, occurrence, otherwise, page, number))
        ]
        if not readings and field.bare:
            readings = _bare(field, free, otherwise, page, number)
        if not readings and field.row:
            readings = _on_row(field, occurrences, free, page, number)
        if not readings and field.form in {Form.ID_NUMBER, Form.VIN, Form.USCC}:
            readings = _unlabelled(field, free, page, number)
        found += _one_of(_plausible(field, readings)) if readings else _absent(field, number)
    return _once(found)


def _once(found: Sequence[Found]) -> list[Found]:
    """Each key once: the number of a buyer may be found with the name or behind a label of its own."""
    kept: dict[str, Found] = {}
    for each in found:
        if each.key not in kept or (each.value and not kept[each.key].value):
            kept[each.key] = each
    return list(kept.values())


def _plausible(field: Field, readings: list[list[Found]]) -> list[list[Found]]:
    """Without words in the place of numbers (账户 in a title), if there are numbers too."""
    if field.form not in _PROVEN or field.form is Form.SEX:
        return readings
    numbers = [reading for reading in readings if re.search(r"\d{4}", reading[0].value)]
    return numbers or readings


def _own(field: Field, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Where the field's labels stand; of labels that several fields share, those on the field's row."""
    if not field.beside:
        own = [occurrence for occurrence in occurrences if occurrence.label.key == field.key]
        rows = [occurrence for occurrence in occurrences if field.row and occurrence.label.key == field.row]
        return [occurrence for occurrence in own if _shares_row(occurrence, rows)] or own
    rows = [occurrence for occurrence in occurrences if occurrence.label.key == field.beside]
    return [
        occurrence
        for occurrence in occurrences
        if occurrence.label.text in field.labels and _shares_row(occurrence, rows)
    ]


def _shares_row(occurrence: Occurrence, rows: Sequence[Occurrence]) -> bool:
    return any(abs(row.y - occurrence.y) < 0.8 * max(row.height, occurrence.height) for row in rows)


def _dates_of(occurrence: Occurrence) -> tuple[str, ...]:
    return dates_in(" ".join(piece.text for piece in occurrence.pieces))


def _bare(
    field: Field, free: Sequence[Piece], otherwise: tuple[float, float], page: Page, number: int
) -> list[list[Found]]:
    """Values that stand without a label and are known by their shape, pieces of one line joined."""
    lines: dict[int, list[Piece]] = {}
    for piece in free:
        lines.setdefault(piece.chain, []).append(piece)
    readings = []
    for pieces in (*([piece] for piece in free), *(line for line in lines.values() if len(line) > 1)):
        ordered = sorted(pieces, key=lambda piece: piece.order)
        text = "".join(piece.text for piece in ordered)
        if not _is_whole(field.form, text):
            continue
        place = Occurrence(
            Label("", field.key), True, ordered[0].left, ordered[0].left, ordered[0].y, ordered[0].height
        )
        place.pieces = list(ordered)
        readings += [reading] if (reading := _read(field, place, otherwise, page, number)) else []
    return readings


def _is_whole(form: Form, text: str) -> bool:
    """Whether the text is a value of this form and nothing else."""
    if form is Form.PERIOD:
        return len(dates_in(text)) == 2 and len(text) <= _LONGEST_PERIOD
    if form is Form.BANK_CARD:
        return re.fullmatch(r"\d{16,19}", identifiers.normalise_bank_card(text)) is not None
    return not clean(form, text).objections


def _joined(occurrences: Sequence[Occurrence]) -> Occurrence:
    """Start and length under two labels (有效起始日期, 有效期限 6年) made one period, on one line."""
    first = occurrences[0]
    pieces = [piece for occurrence in sorted(occurrences, key=_reading_order) for piece in occurrence.pieces]
    on_line = [replace(piece, y=first.y, left=float(at), right=float(at)) for at, piece in enumerate(pieces)]
    return replace(first, pieces=on_line)


def _reading_order(occurrence: Occurrence) -> tuple[float, float]:
    return round(occurrence.y / occurrence.height), occurrence.left


def _is_poor(spans: Sequence[Span]) -> bool:
    ranked = sorted(character.confidence for span in spans for character in span.characters)
    return bool(ranked) and ranked[len(ranked) // 20] < _POOR


def _read(
    field: Field, occurrence: Occurrence, otherwise: tuple[float, float], page: Page, number: int
) -> list[Found]:
    """The values behind one label; `otherwise` is how sure a form must be that nothing else vouches for."""
    pieces = _in_order(occurrence, multiline=field.multiline)
    text = "".join(piece.text for piece in pieces)
    if not text:
        return []
    confidences = tuple(value for piece in pieces for value in piece.confidences)
    telling = [value for character, value in zip(text, confidences, strict=True) if character.isalnum()]
    doubts = _doubts(telling or confidences, *_SURENESS.get(field.form, otherwise))
    if occurrence.is_unsure:
        doubts += (_line_unsure(),)
    if field.form not in _PROVEN and any(piece.is_torn for piece in pieces):
        doubts += (_torn(),)
    polygon = page.on_photograph(_around(pieces))
    confidence = round(sum(confidences) / len(confidences), 4)

    def found(key: str, form: Form, cleaned: Cleaned) -> Found:
        twins = doubtful(cleaned.value, telling) if form in _NAMES else ()
        alike = (_alike(),) if twins else ()
        candidates = tuple(Candidate(name, passes=True) for name in twins) or _candidates(form, cleaned.value)
        objections = cleaned.objections + doubts + alike
        return Found(key, cleaned.value, confidence, polygon, number, objections, candidates)

    if field.form is Form.PERIOD:
        start, end = _period(" ".join(piece.text for piece in pieces))
        return [found("valid_from", Form.DATE, start), found("valid_until", Form.DATE, end)]
    if _holds_owner(field):
        owner, owner_number = split_owner(text)
        letters = sum(character.isalnum() for character in owner.value)
        name_doubts = _doubts(telling[:letters] or confidences, *otherwise)
        doubted = replace(owner, objections=owner.objections + name_doubts)
        return [
            found("owner", Form.PARTY, doubted),
            found("owner_number", Form.ID_NUMBER, owner_number),
        ]
    if field.key == "buyer" and (parts := re.fullmatch(r"(\D{2,}?)([0-9]{17}[0-9Xx]|[0-9A-Z]{18})", text)):
        return [
            found("buyer", Form.PARTY, clean(Form.PARTY, parts.group(1))),
            found("buyer_number", Form.PARTY_NUMBER, clean(Form.PARTY_NUMBER, parts.group(2))),
        ]
    return [found(field.key, field.form, clean(field.form, text))]


def _holds_owner(field: Field) -> bool:
    """Whether the field holds name, kind of paper and number in one (registration certificate)."""
    return field.key == "owner" and field.form is Form.PARTY_NUMBER


def _one_of(readings: list[list[Found]]) -> list[Found]:
    """The first reading; where a second place says something else, a clerk decides."""
    first = readings[0]
    for other in readings[1:]:
        if [field.value for field in other] != [field.value for field in first]:
            both = objection(
                "read_twice", "同一栏在两处读到不同内容，请核对", "Two places say different things"
            )
            better = first if not any(field.objections for field in first) else other
            return [
                Found(
                    field.key, field.value, field.confidence, field.polygon, field.page,
                    (*field.objections, both), field.candidates,
                )
                for field in better
            ]  # fmt: skip
    return first


def _unlabelled(field: Field, free: Sequence[Piece], page: Page, number: int) -> list[list[Found]]:
    """A number that proves itself but whose label was not read: shown, never accepted."""
    proven = (piece for piece in free if not clean(field.form, piece.text).objections)
    return [_shown(field, piece, page, number) for piece in proven][:1]


def _on_row(
    field: Field, occurrences: Sequence[Occurrence], free: Sequence[Piece], page: Page, number: int
) -> list[list[Found]]:
    """The one value of the field's form on the row it shares with another: shown, never accepted."""
    rows = [occurrence for occurrence in occurrences if occurrence.label.key == field.row]
    pieces = [*free, *(piece for occurrence in rows for piece in occurrence.pieces)]
    fitting = [
        piece
        for piece in pieces
        if any(abs(piece.y - row.y) < 0.8 * max(piece.height, row.height) + row.spread for row in rows)
        and not clean(field.form, piece.text).objections
    ]
    return [_shown(field, fitting[0], page, number)] if len(fitting) == 1 else []


def _shown(field: Field, piece: Piece, page: Page, number: int) -> list[Found]:
    mean = round(sum(piece.confidences) / len(piece.confidences), 4)
    why = objection("label_missing", "没有读到这一栏的名称，请核对", "The field's label was not read")
    value = clean(field.form, piece.text).value
    return [Found(field.key, value, mean, page.on_photograph(piece.quad), number, (why,))]


def _absent(field: Field, number: int) -> list[Found]:
    keys = ["valid_from", "valid_until"] if field.form is Form.PERIOD else [field.key]
    if _holds_owner(field):
        keys.append("owner_number")
    if not field.required:
        return []
    why = objection(
        "field_missing",
        "没有找到这一栏，请对照原件填写",
        "The field was not found: enter it from the document",
    )
    return [Found(key, "", 0.0, (), number, (why,)) for key in keys]


def _in_order(occurrence: Occurrence, *, multiline: bool) -> list[Piece]:
    """Line by line, left to right; a single-line value ends at a wide gap or another line."""
    if not occurrence.pieces:
        return []
    lines: list[list[Piece]] = []
    for piece in sorted(occurrence.pieces, key=lambda piece: piece.y):
        if lines and abs(piece.y - lines[-1][-1].y) < 0.6 * max(piece.height, lines[-1][-1].height):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    for line in lines:
        line.sort(key=lambda piece: piece.left)
    if multiline:
        return [piece for line in lines for piece in line]
    nearest = min(lines, key=lambda line: abs(line[0].y - occurrence.y))
    kept = [nearest[0]]
    for before, piece in pairwise(nearest):
        if piece.left - before.right > _BREAK * max(piece.height, before.height):
            break
        kept.append(piece)
    return kept


def _period(text: str) -> tuple[Cleaned, Cleaned]:
    found = dates_in(text)
    unreadable = objection("no_date", "不是可能的日期", "This is not a possible date")
    start = Cleaned(found[0]) if found else Cleaned("", (unreadable,))
    if LONG_TERM in text.replace(" ", ""):
        return start, Cleaned(LONG_TERM)
    if len(found) == 2:
        return start, Cleaned(found[1])
    years = re.search(r"(?<!\d)(6|10)年$", text)
    if found and years:
        begun = date.fromisoformat(found[0])
        if (begun.month, begun.day) != (2, 29):
            return start, Cleaned(begun.replace(year=begun.year + int(years.group(1))).isoformat())
    return start, Cleaned("", (unreadable,))


def _doubts(confidences: Sequence[float], least: float, mean: float) -> tuple[Finding, ...]:
    weakest, average = min(confidences), sum(confidences) / len(confidences)
    if weakest >= least and average >= mean:
        return ()
    return (
        objection(
            "low_confidence",
            "字迹不够清楚，请对照原件核对",
            "The print is not clear enough: compare with the document",
            weakest=f"{weakest:.2f}",
            mean=f"{average:.2f}",
        ),
    )


def _alike() -> Finding:
    return objection(
        "alike_characters",
        "姓名中有形近字，机器不能确定，请对照原件",
        "The name has a character with a look-alike: compare with the document",
    )


def _torn() -> Finding:
    return objection(
        "character_missing",
        "可能有没有读出的字，请对照原件补全",
        "A character may not have been read: complete it from the document",
    )


def _line_unsure() -> Finding:
    return objection(
        "line_unsure",
        "下一行是否属于这一栏不能确定，请对照原件",
        "Whether the next line belongs to this field is not certain: compare with the document",
    )


def _candidates(form: Form, value: str) -> tuple[Candidate, ...]:
    if form in _LISTS:
        close = get_close_matches(value, sorted(_LISTS[form]), n=3, cutoff=0.5)
        return tuple(Candidate(other, passes=True) for other in close if other != value)
    check = _CHECKS.get(form)
    if check is None or not value:
        return ()
    return propose(value, lambda number: not check(number))


def _around(pieces: Sequence[Piece]) -> Polygon:
    if len(pieces) == 1:
        return pieces[0].quad
    xs = [x for piece in pieces for x, _ in piece.quad]
    ys = [y for piece in pieces for _, y in piece.quad]
    return ((min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys)))
