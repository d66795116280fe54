"""Whose credit is asked about, and who of them has authorised it: by role, as the pack `credit_consent` says.

Everybody is asked for themselves: a borrower's consent opens nobody else's file. The purpose goes into the
text that they read and into the enquiry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheqi.areas.origination.people import applicant_among, roles_of
from cheqi.core.base.text import Text
from cheqi.foundation.rulebook.queries import pack
from cheqi.ports.credit_bureau import EnquiryPurpose
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application, ApplicationParty, CreditAuthorisation, CreditReport
from cheqi.records.common import lender_date
from cheqi.records.parties.choices import PartyKind
from cheqi.records.parties.models import Party
from cheqi.rules import Pack, evaluate

REPORT_IS_FRESH_FOR = timedelta(days=30)
PURPOSES = {
    EnquiryPurpose.LOAN_APPROVAL: Text("贷款审批", "loan approval"),
    EnquiryPurpose.GUARANTOR_REVIEW: Text("担保资格审查", "review of a guarantor"),
}
ROLES: dict[str, Text] = {
    PartyRole.BORROWER: Text("借款人", "borrower"),
    PartyRole.REPRESENTATIVE: Text("授权代表", "representative"),
    PartyRole.CO_BORROWER: Text("共同借款人", "co-borrower"),
    PartyRole.GUARANTOR: Text("担保人", "guarantor"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One person whose credit is asked about: in which role, for what, and the consent where it was given.

    The applicant is who acts for the application; everybody else consents on their own phone.
    """

    party: Party
    role: str
    purpose: EnquiryPurpose
    is_applicant: bool
    consent: CreditAuthorisation | None

    @property
    def title(self) -> Text:
        """What they are in the application, in a word."""
        return ROLES[self.role]


def asked_about(application: Application) -> tuple[Asked, ...]:
    """Everybody who has to authorise an enquiry, applicant first, by the rules of the day it was entered."""
    given = {row.party_id: row for row in CreditAuthorisation.objects.filter(application=application)}
    rows, rules = roles_of(application), _rules_for(application)
    applicant_id = applicant_among(rows).pk
    found = []
    for row in rows:
        purpose = _purpose(rules, row)
        if purpose is not None:
            is_applicant = row.party_id == applicant_id
            found.append(Asked(row.party, row.role, purpose, is_applicant, given.get(row.party_id)))
    return tuple(sorted(found, key=lambda one: not one.is_applicant))


def purpose_for(row: ApplicationParty) -> EnquiryPurpose | None:
    """For what a party in its role is asked about, None for who is not: by the rules of its day."""
    return _purpose(_rules_for(row.application), row)


def _rules_for(application: Application) -> Pack:
    return pack("credit_consent", lender_date(application.created_at))


def _purpose(rules: Pack, row: ApplicationParty) -> EnquiryPurpose | None:
    said = evaluate(rules, {"role": row.role, "is_person": row.party.kind == PartyKind.PERSON}).value
    return EnquiryPurpose(str(said["purpose"])) if said["must_consent"] else None


def others_who_sign(application: Application) -> int:
    """How many sign beside the applicant: co-borrowers, guarantors, further representatives."""
    people = [row.party for row in roles_of(application) if row.party.kind == PartyKind.PERSON]
    return max(0, len(people) - 1)


def missing(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Who has not authorised yet."""
    return tuple(one for one in asked if one.consent is None)


def said_titles(people: Iterable[Asked]) -> Text:
    """Their roles in one breath, each once."""
    titles = list(dict.fromkeys(one.title for one in people))
    return Text("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def fresh_reports(application: Application, now: datetime) -> dict[int, CreditReport]:
    """The newest report of each person that is not older than 30 days, by party."""
    since = now - REPORT_IS_FRESH_FOR
    rows = CreditReport.objects.filter(application=application, received_at__gt=since).order_by("pk")
    return {row.party_id: row for row in rows}
