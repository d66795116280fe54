"""Reading parties: masked for who looks, and only those that a branch of theirs serves."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from cheqi.core.base.actors import Actor
from cheqi.foundation.privacy import blind
from cheqi.foundation.privacy.masking import mask
from cheqi.foundation.short_lists import starts_with, together
from cheqi.foundation.staff.scopes import visible
from cheqi.records.parties.models import BankAccount, Party, PartyFact

LEAST_CHARACTERS = 2
DIGITS_OF_A_MOBILE = 11
MOST_HITS = 50
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9Xx]")


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party as somebody may see it."""

    id: int
    kind: str
    name: str
    id_number: str
    mobile: str
    birth_date: date | None
    language: str
    channel: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class AccountView:
    """A bank account as somebody may see it."""

    id: int
    number: str
    bank_name: str
    holder_name: str
    is_verified: bool


def visible_parties(actor: Actor) -> QuerySet[Party]:
    """The parties that the actor may see: served by a branch of theirs, or themselves."""
    return visible(Party.objects.all(), actor, branch="serving__branch_id", party="id", case=None)


def party(party_id: int, actor: Actor) -> PartyView | None:
    """One party, masked for the actor; None where there is none to see."""
    row = visible_parties(actor).filter(pk=party_id).first()
    return None if row is None else as_view(row, actor)


def as_view(row: Party, actor: Actor) -> PartyView:
    """A row that the caller was allowed to read, masked for the actor."""
    return PartyView(
        id=row.pk,
        kind=row.kind,
        name=mask("name", row.name, actor),
        id_number=mask("id_number", row.id_number, actor),
        mobile=mask("mobile", row.mobile, actor),
        birth_date=row.birth_date,
        language=row.language,
        channel=row.channel,
        email=row.email if actor.scope.party_id == row.pk else "",
    )


def accounts(party_id: int, actor: Actor) -> tuple[AccountView, ...]:
    """The accounts of a party, masked; empty where the party is not the actor's to see."""
    rows = BankAccount.objects.filter(party__in=visible_parties(actor).filter(pk=party_id)).order_by("pk")
    return tuple(
        AccountView(
            id=row.pk,
            number=mask("account", row.number, actor),
            bank_name=row.bank_name,
            holder_name=mask("name", row.holder_name, actor),
            is_verified=row.is_verified,
        )
        for row in rows
    )


def fact_sources(party_id: int, actor: Actor) -> dict[str, PartyFact]:
    """The latest source of each verified field."""
    rows = PartyFact.objects.filter(party__in=visible_parties(actor).filter(pk=party_id)).order_by("pk")
    return {row.field: row for row in rows}


def names_of(ids: Iterable[int], actor: Actor) -> dict[int, str]:
    """The names of parties by id, as far as the actor may see them. One statement."""
    rows = visible_parties(actor).filter(pk__in=sorted(set(ids))).values_list("pk", "name")
    return {pk: mask("name", name, actor) for pk, name in rows}


def ids_with_mobile(mobile: str, actor: Actor) -> tuple[int, ...]:
    """Who has this mobile number, by its blind index; a family may share one."""
    rows = visible_parties(actor).filter(mobile_index=blind.index("mobile", mobile)).exclude(mobile_index="")
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def search(text: str, actor: Actor) -> tuple[PartyView, ...]:
    """Parties by the beginning of the name, whole mobile or ID number (blind indexes), or their last four.

    At most fifty among what the actor may see, masked, newest first; nothing for fewer than two characters.
    Each way of looking is a short look-up of its own, all in the first of two statements.
    """
    wanted = "".join(text.split())
    if len(wanted) < LEAST_CHARACTERS:
        return ()
    seen = visible_parties(actor)
    begun = seen.filter(starts_with("name", wanted)).order_by("-pk").values_list("pk")[:MOST_HITS]
    exact = [seen.filter(way).order_by().values_list("pk") for way in _exact(wanted)]
    found = sorted({pk for (pk,) in together([begun, *exact])})
    rows = seen.filter(pk__in=found[-MOST_HITS:]).order_by("-pk")
    return tuple(as_view(row, actor) for row in rows)


def _exact(wanted: str) -> Iterator[Q]:
    """What the whole text may be."""
    if _LAST_FOUR.fullmatch(wanted):
        yield Q(mobile_last4=wanted)
        yield Q(id_last4=wanted.upper())
    if sum(map(str.isdigit, wanted)) >= DIGITS_OF_A_MOBILE:
        yield Q(mobile_index=blind.index("mobile", wanted))
        yield Q(id_number_index=blind.index("id_number", wanted))
