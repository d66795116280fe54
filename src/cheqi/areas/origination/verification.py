"""From documents to verified facts: what a clerk must look at, what disagrees, what the records take over.

The fields of all live documents of a case are compared with each other and with what was declared. Facts go
onto party and car with the document they come from, once their documents are accepted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cheqi.areas.origination.materials import CARDS_OF_OTHERS
from cheqi.areas.origination.people import applicant_of, people_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.core.documents.agreement import compare
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.reading import FieldReading, Reading, Verdict
from cheqi.foundation.documents.choices import DocumentState, FieldVerdict
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.documents.registry import expected_kinds
from cheqi.foundation.whole import must
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application
from cheqi.records.parties import operations as parties
from cheqi.records.parties.choices import FactOrigin
from cheqi.records.parties.models import Party
from cheqi.records.vehicles import operations as vehicles

LIVE = ("READ", "NEEDS_CLERK", "ACCEPTED")
PARTY_FACTS = {Kind.ID_CARD_FRONT: ("name", "id_number", "birth_date", "address")}
CAR_FACTS = {
    Kind.VEHICLE_LICENCE: {
        "plate": "plate",
        "vin": "vin",
        "engine_number": "engine_number",
        "register_date": "registered_date",
    },
    Kind.PURCHASE_INVOICE: {"vin": "vin", "engine_number": "engine_number"},
}
DATES = frozenset({"birth_date", "register_date"})
_DOUBTFUL = frozenset({FieldVerdict.CLERK, FieldVerdict.REJECTED})


@dataclass(frozen=True, slots=True)
class Standing:
    """How the documents of a case stand: what a clerk has to look at in each, and facts that disagree."""

    points: Mapping[int, int]
    disagreements: tuple[Finding, ...]

    @property
    def fields_for_clerk(self) -> int:
        """How much there is to look at in all documents together."""
        return sum(self.points.values())

    @property
    def is_clear(self) -> bool:
        """Nothing for a person to look at."""
        return not self.fields_for_clerk and not self.disagreements


def standing_of(application: Application, case_id: int) -> Standing:
    """How the live documents of a case stand against each other and against the application."""
    documents = live_documents(case_id)
    points = {document.pk: _points_of(document) for document in documents}
    return Standing(points, disagreements_of(application, documents))


def _points_of(document: Document) -> int:
    doubtful = sum(field.verdict in _DOUBTFUL for field in document.fields.all())
    is_odd = document.state == DocumentState.NEEDS_CLERK and bool(
        document.findings or _is_other_kind(document)
    )
    return doubtful + is_odd


def disagreements_of(application: Application, documents: Sequence[Document]) -> tuple[Finding, ...]:
    """What each person's documents say against each other and against what was declared of that person."""
    known = [document for document in documents if document.kind]
    of_applicant = [reading_of(document) for document in known if document.slot not in CARDS_OF_OTHERS]
    found = compare(of_applicant, declared_by(application))
    for card in (document for document in known if document.slot in CARDS_OF_OTHERS):
        if (owner := owner_of(application, card)) is not None:
            found += compare([reading_of(card)], {"name": owner.name, "id_number": owner.id_number})
    return found


def declared_by(application: Application) -> dict[str, str]:
    """What the applicant said, by the concepts that documents are compared by."""
    people = people_of(application, PartyRole.REPRESENTATIVE, PartyRole.BORROWER)
    person = next(party for party in people if party.kind == "PERSON")
    account = application.collection_account
    declared = {
        "name": person.name,
        "id_number": person.id_number,
        "vin": application.vehicle.vin,
        "plate": application.vehicle.plate,
        "price": f"{application.price_fen // 100}.{application.price_fen % 100:02d}",
    }
    if account is not None:
        declared["card_number"] = account.number
    companies = [party for party in people if party.kind == "COMPANY"]
    if companies:
        declared |= {"company": companies[0].name, "uscc": companies[0].id_number}
    return {concept: value for concept, value in declared.items() if value}


def live_documents(case_id: int) -> Sequence[Document]:
    """The newest document of each slot that was read and not sent back, with its fields."""
    rows = Document.objects.filter(case_id=case_id, state__in=LIVE).order_by("id")
    newest = {row.slot: row for row in rows.prefetch_related("fields")}
    return list(newest.values())


def reading_of(document: Document) -> Reading:
    """A document's fields as they stand now, as the core compares them."""
    fields = tuple(
        FieldReading(
            key=field.name,
            title=Text(field.name, field.name),
            value=field.value,
            confidence=field.confidence_permille / 1000,
            polygon=(),
            page=field.page,
            verdict=Verdict.CLERK if field.verdict == FieldVerdict.CLERK else Verdict.ACCEPTED,
        )
        for field in document.fields.all()
    )
    return Reading(Kind(document.kind), 1.0, fields, Verdict.ACCEPTED)


def take_over(application: Application, case_id: int, *, actor: Actor, now: datetime) -> None:
    """Takes the facts of the accepted documents over onto party and car, each with its document.

    Ends the whole (`must`) where a fact contradicts the records: somebody else's number, another car's VIN.
    """
    for document in live_documents(case_id):
        values = {field.name: field for field in document.fields.all() if field.value}
        kind = Kind(document.kind) if document.kind else Kind.UNKNOWN
        origin = _origin(values.values())
        party_facts = {
            name: _value(name, values[name].value) for name in PARTY_FACTS.get(kind, ()) if name in values
        }
        if party_facts and (owner := owner_of(application, document)) is not None:
            must(
                parties.verify_facts(
                    party_id=owner.pk,
                    facts=party_facts,
                    origin=origin,
                    document_id=document.pk,
                    actor=actor,
                    now=now,
                    case_id=case_id,
                )
            )
        car_facts = {
            theirs: _value(ours, values[ours].value)
            for ours, theirs in CAR_FACTS.get(kind, {}).items()
            if ours in values
        }
        if car_facts:
            must(
                vehicles.verify_facts(
                    vehicle_id=application.vehicle_id,
                    facts=car_facts,
                    origin=origin,
                    document_id=document.pk,
                    actor=actor,
                    now=now,
                )
            )


def owner_of(application: Application, document: Document) -> Party | None:
    """Whose document it is: the applicant's, unless it is the card of a co-borrower or guarantor; nobody's
    where that person does not take part any more."""
    role = CARDS_OF_OTHERS.get(document.slot)
    return next(iter(people_of(application, role)), None) if role else applicant_of(application)


def _origin(fields: Iterable[FieldValue]) -> FactOrigin:
    """A clerk's word where a clerk settled one of the fields, else the document's own."""
    settled = any(field.verdict == FieldVerdict.SETTLED for field in fields)
    return FactOrigin.CLERK if settled else FactOrigin.DOCUMENT


def _value(name: str, text: str) -> str | date:
    return date.fromisoformat(text) if name in DATES else text


def _is_other_kind(document: Document) -> bool:
    expected = expected_kinds(document.slot)
    return bool(expected) and document.kind not in {kind.value for kind in expected}
