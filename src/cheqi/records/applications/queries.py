"""Reading applications, scoped; and the search of the desk."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from cheqi.core.base.actors import Actor
from cheqi.core.base.identifiers import normalise_plate, normalise_vin
from cheqi.foundation.privacy import blind
from cheqi.foundation.short_lists import starts_with, together
from cheqi.foundation.staff.scopes import visible
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import (
    Application,
    ApplicationParty,
    CreditDecision,
    CreditReport,
    Dealer,
    OfferSnapshot,
)
from cheqi.records.parties.models import Party
from cheqi.records.parties.queries import PartyView, as_view

MOST_HITS = 50
VIN_END = 6
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9Xx]")


@dataclass(frozen=True, slots=True)
class RoleView:
    """A party of an application and what it is there."""

    role: str
    party: PartyView


@dataclass(frozen=True, slots=True)
class Hit:
    """One application that a search found, and by what."""

    application_id: int
    case_id: int | None
    number: str
    borrower: str
    vehicle: str
    found_by: str


def visible_applications(actor: Actor) -> QuerySet[Application]:
    """The applications that the actor may see: of a branch, of their own, of a tracker link's case."""
    return visible(
        Application.objects.all(), actor, branch="branch_id", party="roles__party_id", case="case_id"
    )


def application(application_id: int, actor: Actor) -> Application | None:
    """One application with product, car, dealer and account; None where there is none to see."""
    return _joined(visible_applications(actor)).filter(pk=application_id).first()


def by_case(case_id: int, actor: Actor) -> Application | None:
    """The application of a workflow case."""
    return _joined(visible_applications(actor)).filter(case_id=case_id).first()


def by_number(number: str, actor: Actor) -> Application | None:
    """The application with a case number."""
    return _joined(visible_applications(actor)).filter(number=number.strip().upper()).first()


def roles(application_id: int, actor: Actor) -> tuple[RoleView, ...]:
    """The parties of an application, borrower first, masked for the actor."""
    rows = ApplicationParty.objects.filter(
        application__in=visible_applications(actor).filter(pk=application_id)
    )
    found = rows.select_related("party").order_by("pk")
    views = [RoleView(row.role, as_view(row.party, actor)) for row in found]
    return tuple(sorted(views, key=lambda view: PartyRole.values.index(view.role)))


def takes_part(case_id: int, party_id: int) -> bool:
    """Whether a party has a role in the application of a case; who may ask is decided by the caller."""
    return ApplicationParty.objects.filter(application__case_id=case_id, party_id=party_id).exists()


def borrower(application_id: int) -> Party:
    """The borrower's row, for operations. Raises ApplicationParty.DoesNotExist."""
    row = ApplicationParty.objects.select_related("party").get(
        application_id=application_id, role=PartyRole.BORROWER
    )
    return row.party


def latest_offer(application_id: int, actor: Actor) -> OfferSnapshot | None:
    """The offer that was calculated last."""
    seen = visible_applications(actor).filter(pk=application_id)
    return OfferSnapshot.objects.filter(application__in=seen).order_by("-pk").first()


def decisions(application_id: int, actor: Actor) -> tuple[CreditDecision, ...]:
    """All decisions in their order."""
    seen = visible_applications(actor).filter(pk=application_id)
    return tuple(CreditDecision.objects.filter(application__in=seen).order_by("pk"))


def credit_reports(application_id: int, actor: Actor) -> tuple[CreditReport, ...]:
    """The bureau's answers, oldest first; for colleagues, not for customers or programs."""
    if not (actor.is_staff or actor.scope.everything):
        return ()
    seen = visible_applications(actor).filter(pk=application_id)
    return tuple(CreditReport.objects.filter(application__in=seen).order_by("pk"))


def counts_by_version(actor: Actor) -> dict[int, int]:
    """How many applications there are on each product version, in scope. One statement."""
    rows = visible_applications(actor).order_by().values_list("product_version_id")
    return dict(rows.annotate(applications=Count("pk")))


def wishes(case_ids: Iterable[int], actor: Actor) -> dict[int, tuple[str, int]]:
    """For lists: which car and how much each case's application is about. One statement."""
    rows = visible_applications(actor).filter(case_id__in=sorted(set(case_ids)))
    found = rows.values_list("case_id", "vehicle__brand", "vehicle__model", "amount_fen")
    return {case_id or 0: (f"{brand} {model}".strip(), amount) for case_id, brand, model, amount in found}


def dealers(actor: Actor) -> tuple[Dealer, ...]:
    """The dealers that are paid, by name; customers choose among them too."""
    return tuple(Dealer.objects.filter(is_active=True).order_by("name", "pk"))


def search(text: str, actor: Actor) -> tuple[Hit, ...]:
    """Applications by case number (its beginning), name, plate, VIN, and ID number or mobile (or last four).

    At most fifty, newest first, among what the actor may see. Whole numbers go through blind indexes. Each
    way of looking is a short look-up of its own, all in the first of three statements: as one condition over
    four tables no index would help.
    """
    wanted = text.strip()
    if len(wanted) < 2:
        return ()
    seen = visible_applications(actor)
    begun = [
        seen.filter(way).order_by("-pk").values_list("pk")[:MOST_HITS]
        for way in (starts_with("number", wanted.upper()), starts_with("roles__party__name", wanted))
    ]
    exact = [seen.filter(way).order_by().values_list("pk") for way in _exact(wanted)]
    found = sorted({pk for (pk,) in together([*begun, *exact])})
    people = Prefetch("roles", ApplicationParty.objects.select_related("party").order_by("pk"))
    rows = _joined(seen.filter(pk__in=found[-MOST_HITS:])).prefetch_related(people).order_by("-pk")
    return tuple(_hit(row, wanted) for row in rows)


def _exact(wanted: str) -> Iterator[Q]:
    """What the whole text may be: conditions with few hits, so sorting these late is cheaper than early."""
    if plate := normalise_plate(wanted):
        yield Q(vehicle__plate=plate)
    if vin := normalise_vin(wanted):
        yield Q(vehicle__vin__endswith=vin) if len(vin) == VIN_END else Q(vehicle__vin=vin)
    if _LAST_FOUR.fullmatch(wanted):
        yield Q(roles__party__mobile_last4=wanted)
        yield Q(roles__party__id_last4=wanted.upper())
    if sum(map(str.isdigit, wanted)) >= 11:
        yield Q(roles__party__mobile_index=blind.index("mobile", wanted))
        yield Q(roles__party__id_number_index=blind.index("id_number", wanted))


def _hit(row: Application, wanted: str) -> Hit:
    """The line of one application; `found_by` says in which of its words the text was seen."""
    people = [role.party for role in row.roles.all()]
    named = [role.party.name for role in row.roles.all() if role.role == PartyRole.BORROWER]
    seen = {
        "number": row.number.startswith(wanted.upper()),
        "name": any(party.name.startswith(wanted) for party in people),
        "plate": bool(row.vehicle.plate) and row.vehicle.plate == normalise_plate(wanted),
        "vin": len(wanted) >= VIN_END and row.vehicle.vin.endswith(normalise_vin(wanted)),
        "mobile": any(party.mobile_last4 and wanted.endswith(party.mobile_last4) for party in people),
    }
    found_by = next((name for name, is_seen in seen.items() if is_seen), "id_number")
    return Hit(row.pk, row.case_id, row.number, named[0] if named else "", str(row.vehicle), found_by)


def _joined(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.select_related(
        "branch", "product_version__product", "vehicle", "dealer", "collection_account"
    )
