"""Entries of the log as people read them: who, acting for whom, what, about which case or person.

Names are read once for a page of entries, whatever its length: cases, customers and colleagues, each in the
scope of the reader. What one of two independent deciders decided stays veiled, as on the page of the case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.process.definition import Definition
from cheqi.core.process.discretion import independent
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.staff.queries import names_of as colleagues_named
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.definitions import by_hashes
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.records.parties.queries import names_of
from cheqi.web.desk.audit_kinds import kind_of
from cheqi.web.desk.case_parts import TELLING
from cheqi.web.telling import said

OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as the page and the file show it. `about` is the person concerned, `number` the case."""

    at: datetime
    recorded_at: datetime
    kind: str
    who: str
    acting_for: str
    sentence: str
    number: str
    about: str
    about_url: str
    sealed: str
    commitment: str
    url: str
    is_late: bool
    case_url: str


@dataclass(frozen=True, slots=True)
class Named:
    """What the entries of one page are about, by id."""

    cases: Mapping[int, tuple[str, str]]
    customers: Mapping[int, str]
    colleagues: Mapping[int, str]
    definitions: Mapping[str, Definition]
    veiled: frozenset[int]


def lines(entries: Sequence[Logged], actor: Actor) -> list[AuditLine]:
    """The entries in words; five statements at most."""
    named, language = _names(entries, actor), get_language() or "zh-hans"
    return [_line(one, named, language) for one in entries]


def _names(entries: Sequence[Logged], actor: Actor) -> Named:
    ids = {one.case_id for one in entries if one.case_id is not None}
    rows = visible(Case.objects.filter(pk__in=ids), actor) if ids else Case.objects.none()
    cases = {pk: (number, pinned) for pk, number, pinned in rows.values_list(*_OF_A_CASE)}
    published = {getattr(one.event, "content_hash", "") for one in entries} - {""}
    definitions = by_hashes({pinned for _number, pinned in cases.values()} | published)
    customers, colleagues = set(_customers(entries)), set(_colleagues(entries))
    return Named(
        cases=cases,
        customers=names_of(customers, actor) if customers else {},
        colleagues=colleagues_named(colleagues) if colleagues else {},
        definitions=definitions,
        veiled=_veiled(entries, {pk: definitions.get(pinned) for pk, (_n, pinned) in cases.items()}, actor),
    )


_OF_A_CASE = ("pk", "number", "definition__content_hash")


def _customers(entries: Iterable[Logged]) -> Iterable[int]:
    for one in entries:
        if one.party_id is not None:
            yield one.party_id
        if one.actor_kind is ActorKind.CUSTOMER and one.actor_id.isdecimal():
            yield int(one.actor_id)


def _colleagues(entries: Iterable[Logged]) -> Iterable[int]:
    for one in entries:
        yield from (int(each) for each in (one.acting_for or "").split(",") if each.isdecimal())
        for name in ("member_id", "delegate_id"):
            if (member_id := getattr(one.event, name, None)) is not None:
                yield member_id


def _veiled(
    entries: Sequence[Logged], definitions: Mapping[int, Definition | None], actor: Actor
) -> frozenset[int]:
    """The entries that tell a decision while an independent one is open and the reader did not give it."""
    beside: dict[int, tuple[int, frozenset[str]]] = {}
    for one in entries:
        definition, step = definitions.get(one.case_id or 0), str(getattr(one.event, "step", ""))
        is_mine = one.actor_kind is actor.kind and one.actor_id == actor.id
        if definition is None or is_mine or one.type not in TELLING or step not in definition.by_key:
            continue
        if others := independent(definition, step):
            beside[one.id] = (one.case_id or 0, others)
    if not beside:
        return frozenset()
    waiting = StepRow.objects.filter(case_id__in={case for case, _ in beside.values()}, status=OPEN)
    is_open = set(waiting.values_list("case_id", "key"))
    return frozenset(
        pk for pk, (case, others) in beside.items() if any((case, other) in is_open for other in others)
    )


def _line(one: Logged, named: Named, language: str) -> AuditLine:
    number, pinned = named.cases.get(one.case_id or 0, ("", ""))
    definition = named.definitions.get(pinned or getattr(one.event, "content_hash", ""))
    is_veiled, kind = one.id in named.veiled, kind_of(one.type)
    about, about_url = _about(one, named)
    return AuditLine(
        at=one.occurred_at,
        recorded_at=one.recorded_at,
        kind=kind.title.in_language(language) if kind else one.type,
        who=_("一位同事") if is_veiled else _who(one, named),
        acting_for="" if is_veiled else _joined(one.acting_for, named),
        sentence=_("独立审批意见已提交，复核完成后可见")
        if is_veiled
        else said(one.event, definition, language, named.colleagues),
        number=number,
        about=about,
        about_url=about_url,
        sealed="" if one.sequence is None else str(one.sequence),
        commitment=one.commitment,
        url=reverse("desk:audit_entry", args=[one.id]),
        is_late=one.backfilled,
        case_url=reverse("desk:case", args=[number]) if number else "",
    )


def _who(one: Logged, named: Named) -> str:
    if one.actor_kind is ActorKind.CUSTOMER:
        name = named.customers.get(int(one.actor_id)) if one.actor_id.isdecimal() else ""
        return _("客户 %(name)s") % {"name": name} if name else _("客户")
    return _("系统") if one.actor_kind is ActorKind.SYSTEM else one.actor_name


def _joined(ids: str | None, named: Named) -> str:
    found = [named.colleagues.get(int(each), each) for each in (ids or "").split(",") if each.isdecimal()]
    return _("、").join(found)


def _about(one: Logged, named: Named) -> tuple[str, str]:
    """The customer whose data it is, else the colleague whom it happened to; and the page of it."""
    if one.party_id is not None and (name := named.customers.get(one.party_id)):
        return name, reverse("desk:customer", args=[one.party_id])
    member_id = getattr(one.event, "member_id", None)
    name = named.colleagues.get(member_id, "") if member_id is not None else ""
    is_somebody_else = not (one.actor_kind is ActorKind.STAFF and str(member_id) == one.actor_id)
    return (name, "") if is_somebody_else else ("", "")
