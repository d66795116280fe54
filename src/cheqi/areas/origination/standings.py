"""Everybody of an application, and how far each is with consent and signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cheqi.areas.origination.crediting import ROLES, Asked, asked_about
from cheqi.areas.origination.people import applicant_among, roles_of
from cheqi.areas.origination.queries import declined_in
from cheqi.core.base.text import Text
from cheqi.foundation.paper.models import SignatureRow
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.models import Application
from cheqi.records.parties.choices import PartyKind
from cheqi.records.parties.models import Party


@dataclass(frozen=True, slots=True)
class Standing:
    """One person; what was not done yet has no time.

    `signs` is known once there is a contract, `has_read` that its newest version was before their eyes.
    """

    party: Party
    role: str
    is_applicant: bool
    must_consent: bool
    consented_at: datetime | None
    signs: bool
    signed_at: datetime | None
    has_read: bool
    has_declined: bool = False

    @property
    def title(self) -> Text:
        """What they are in the application."""
        return ROLES[self.role]


def standings(
    case: CaseRecord, application: Application, asked_already: Iterable[Asked] | None = None
) -> tuple[Standing, ...]:
    """Everybody but companies, applicant first. Who is `asked_about` may be given by who knows it already."""
    everybody = asked_about(application) if asked_already is None else asked_already
    consents = {one.party.pk: one for one in everybody}
    paper_id = case.data_of("prepare_contract").get("paper_id") or 0
    signatures = SignatureRow.objects.filter(paper_id=paper_id).select_related("paper")
    sides = {row.party_id: row for row in signatures}
    declined = {one.party_id for one in declined_in(case.id)}
    people = roles_of(application)
    applicant_id = applicant_among(people).pk
    rows = [row for row in people if row.party.kind == PartyKind.PERSON]
    rows.sort(key=lambda row: row.party_id != applicant_id)
    found = []
    for row in rows:
        asked, side = consents.get(row.party_id), sides.get(row.party_id)
        consent = asked.consent if asked else None
        found.append(
            Standing(
                party=row.party,
                role=row.role,
                is_applicant=row.party_id == applicant_id,
                must_consent=asked is not None,
                consented_at=consent.authorised_at if consent else None,
                signs=side is not None,
                signed_at=side.signed_at if side else None,
                has_declined=row.party_id in declined,
                has_read=side is not None and side.shown_sha256 == side.paper.sha256,
            )
        )
    return tuple(found)
