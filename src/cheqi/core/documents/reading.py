"""A document read: its kind, its fields, and for each whether a machine may accept it.

`read(pages)` walks: the kind from the words, labels and pieces from the geometry, values from the pieces,
then everything that objects: shape and check digit, confidence, facts on the same document that disagree.
A field that nothing objects to is ACCEPTED, any other goes to a CLERK with the reasons and, for numbers and
for what an ID number repeats, candidates. No value is ever repaired.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers import Sex, id_facts
from cheqi.core.base.text import Text
from cheqi.core.documents import kinds
from cheqi.core.documents.boxes import Page, Polygon
from cheqi.core.documents.candidates import Candidate
from cheqi.core.documents.consistency import disagreements
from cheqi.core.documents.extraction import Found, extract
from cheqi.core.documents.fields import FIELDS, Form, title_of
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.layout import Span, spans_of
from cheqi.core.documents.parting import parts_of, text_of
from cheqi.core.documents.values import objection


class Verdict(StrEnum):
    """Who answers for a value: the machine, or a person who looks at the picture."""

    ACCEPTED = "ACCEPTED"
    CLERK = "CLERK"


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field. `polygon` lies on the photograph as it was given (page `page`); empty where not found."""

    key: str
    title: Text
    value: str
    confidence: float
    polygon: Polygon
    page: int
    verdict: Verdict
    why: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Left, top, right, bottom of the polygon, for cropping; None without one."""
        if not self.polygon:
            return None
        xs, ys = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says. ACCEPTED: every field it must have and every other one that was read is.

    `why` says what is not. Long texts (business scope) do not count: they are for reference.
    """

    kind: Kind
    kind_confidence: float
    fields: tuple[FieldReading, ...]
    verdict: Verdict
    why: tuple[Finding, ...] = ()

    def value(self, key: str) -> str:
        """The value of a field, accepted or not; empty where it was not read."""
        return next((field.value for field in self.fields if field.key == key), "")


def read(pages: Sequence[Page], *, today: date | None = None) -> Reading:
    """Reads one document of one or several pages. `today` lets dates in the future be seen."""
    spans = [spans_of(page) for page in pages]
    evidence = kinds.scores("".join(text_of(page) for page in spans))
    kind, confidence = kinds.best_of(evidence)
    if kind is Kind.UNKNOWN:
        return Reading(kind, 0.0, (), Verdict.CLERK, (_unknown(),))
    also = kinds.companion(kind, evidence)
    found = _best(pages, spans, kind)
    if also is not None:
        known = {field.key for field in found}
        found += [field for field in _best(pages, spans, also) if field.key not in known and field.value]
    values = {field.key: field.value for field in found if field.value}
    against = disagreements(kind, values, today)
    fields = _with_hints(_judged(field, kind, against.get(field.key, ())) for field in found)
    must = {field.key for field in FIELDS[kind] if field.required} | {"valid_from", "valid_until"}
    prose = {field.key for field in FIELDS[kind] if field.form is Form.PROSE}
    why = tuple(
        replace(finding, field=field.key)
        for field in fields
        if field.verdict is Verdict.CLERK and (field.key in must or (field.value and field.key not in prose))
        for finding in field.why
    )
    return Reading(kind, confidence, fields, Verdict.CLERK if why else Verdict.ACCEPTED, why)


def _with_hints(fields: Iterable[FieldReading]) -> tuple[FieldReading, ...]:
    """What was not found and an accepted ID number says as well is proposed to the clerk, never filled in."""
    every = tuple(fields)
    number = next((field for field in every if field.key == "id_number"), None)
    facts = id_facts(number.value) if number is not None and number.verdict is Verdict.ACCEPTED else None
    if facts is None:
        return every
    said = {"sex": "男" if facts.sex is Sex.MALE else "女", "birth_date": facts.birth_date.isoformat()}
    return tuple(
        replace(field, candidates=(Candidate(said[field.key], passes=True),))
        if field.key in said and not field.value
        else field
        for field in every
    )


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its pages, or parts of them, and the numbers they have in the file, from 0."""

    numbers: tuple[int, ...]
    pages: tuple[Page, ...]


def documents_in(pages: Sequence[Page]) -> tuple[Document, ...]:
    """The documents of a file. Neighbouring pages of one kind are one; a page with two is two.

    A page of unknown kind continues the document before it, as the later pages of a statement do.
    """
    groups: list[tuple[Kind, list[int], list[Page]]] = []
    for number, page in enumerate(pages):
        parts = parts_of(page)
        for part in parts:
            kind, _ = kinds.recognise(text_of(spans_of(part)))
            if groups and len(parts) == 1 and kind in {groups[-1][0], Kind.UNKNOWN}:
                groups[-1][1].append(number)
                groups[-1][2].append(part)
            else:
                groups.append((kind, [number], [part]))
    return tuple(Document(tuple(numbers), tuple(parts)) for _, numbers, parts in groups)


def of_kinds(pages: Sequence[Page], wanted: Collection[Kind]) -> tuple[Page, ...]:
    """Of pages that show several documents, only the parts of the wanted kinds; other pages as they are."""
    chosen: list[Page] = []
    for page in pages:
        parts = parts_of(page)
        fitting = [part for part in parts if kinds.recognise(text_of(spans_of(part)))[0] in wanted]
        chosen += fitting or [page]
    return tuple(chosen)


def _best(pages: Sequence[Page], spans: Sequence[Sequence[Span]], kind: Kind) -> list[Found]:
    """The fields of all pages; of a field on several pages, the first that was read."""
    best: dict[str, Found] = {}
    for number, (page, lines) in enumerate(zip(pages, spans, strict=True)):
        for found in extract(lines, kind, page, number):
            if found.key not in best or (found.value and not best[found.key].value):
                best[found.key] = found
    return list(best.values())


def _judged(found: Found, kind: Kind, against: tuple[Finding, ...]) -> FieldReading:
    why = tuple(dict.fromkeys((*found.objections, *against)))
    return FieldReading(
        found.key,
        title_of(kind, found.key),
        found.value,
        found.confidence,
        found.polygon,
        found.page,
        Verdict.CLERK if why else Verdict.ACCEPTED,
        why,
        found.candidates if why else (),
    )


def _unknown() -> Finding:
    return objection(
        "kind_unknown",
        "未能识别这是哪种证件，请人工归类，或重新拍摄完整、清晰的照片",
        "The kind of document was not recognised: classify it, or take a complete and sharp photo",
    )
