"""Who is asked about, who signs and who is paid, from the records of an application."""

from collections.abc import Iterable

from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application, ApplicationParty
from cheqi.records.applications.queries import by_case
from cheqi.records.parties.choices import PartyKind
from cheqi.records.parties.models import Party


class NoApplication(LookupError):
    """A case of this process has no application: it was never sent, and no step should have asked."""


def application_of(case_id: int) -> Application:
    """The application that a case carries. Raises NoApplication."""
    found = by_case(case_id, SYSTEM)
    if found is None:
        raise NoApplication(f"case {case_id}")
    return found


def people_of(application: Application, *roles: str) -> list[Party]:
    """The parties with these roles, borrower first."""
    return [row.party for row in roles_of(application) if row.role in roles]


def roles_of(application: Application) -> list[ApplicationParty]:
    """Everybody with their role and their party, borrower first."""
    order = PartyRole.values.index
    return sorted(application.roles.select_related("party"), key=lambda row: (order(row.role), row.pk))


def applicant_of(application: Application) -> Party:
    """The person who acts: the borrower, or the representative of a company."""
    return applicant_among(roles_of(application))


def applicant_among(roles: Iterable[ApplicationParty]) -> Party:
    """The same among roles that are at hand, borrower first."""
    acting = (PartyRole.BORROWER, PartyRole.REPRESENTATIVE)
    persons = [row.party for row in roles if row.role in acting and row.party.kind == PartyKind.PERSON]
    return persons[0]


def key_for(case: CaseRecord, what: str, step: str) -> str:
    """Our key of one request to the outside: stable over repeats, another one each round of the step."""
    return f"{case.number}:{what}:{case.round_of(step)}"
