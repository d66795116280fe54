"""Who is asked about, who signs and who is paid, from the records of an application."""

from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application
from cheqi.records.applications.queries import by_case
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
    order = PartyRole.values.index
    found = sorted(application.roles.select_related("party"), key=lambda row: (order(row.role), row.pk))
    return [row.party for row in found if row.role in roles]


def applicant_of(application: Application) -> Party:
    """The person who acts: the borrower, or the representative of a company."""
    people = people_of(application, PartyRole.REPRESENTATIVE, PartyRole.BORROWER)
    persons = [party for party in people if party.kind == "PERSON"]
    return persons[0]


def key_for(case: CaseRecord, what: str, step: str) -> str:
    """Our key of one request to the outside: stable over repeats, another one each round of the step."""
    return f"{case.number}:{what}:{case.round_of(step)}"
