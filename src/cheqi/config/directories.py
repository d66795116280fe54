"""Answers what the foundation asks about parties and cases: who has a number, which case, how to reach whom.

The foundation keeps no parties, and access knows no cases; this is where they meet.
"""

from datetime import datetime

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import Refused
from cheqi.core.base.identifiers import normalise_mobile
from cheqi.core.contact.contact import Channel
from cheqi.foundation.access.hooks import Person, TrackedCase
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.privacy import blind
from cheqi.foundation.workflow.models import Case
from cheqi.records.parties.choices import PartyKind
from cheqi.records.parties.models import Party
from cheqi.records.parties.operations import party_for_mobile


class UnableToEnter(RuntimeError):
    """The number proved to be somebody's, and still no party could be made of it."""


class PartiesByMobile:
    """An `access.hooks.PartyDirectory` over the books."""

    def find(self, mobile: str) -> Person | None:
        """The person who has had this number here longest; a family that shares one comes in as that one."""
        rows = Party.objects.filter(mobile_index=blind.index("mobile", mobile), kind=PartyKind.PERSON)
        row = rows.exclude(mobile_index="").order_by("pk").first()
        return Person(row.pk, row.name) if row else None

    def enter(self, mobile: str, now: datetime) -> Person:
        """Somebody new, known by the number alone until they say who they are."""
        party = party_for_mobile(mobile=normalise_mobile(mobile), actor=SYSTEM, now=now)
        if isinstance(party, Refused):
            raise UnableToEnter(party.findings[0].rule)
        return Person(party.pk, party.name)


class TrackedCases:
    """An `access.hooks.CaseDirectory` over cases and books: two statements, whether or not there is one."""

    def find(self, number: str, mobile_last4: str) -> TrackedCase | None:
        """The case whose customer's number ends so."""
        case = Case.objects.filter(number=number).values_list("pk", "party_id").first()
        case_id, party_id = case or (0, None)
        party = Party.objects.filter(pk=party_id or 0, mobile_last4=mobile_last4 or "-").first()
        return TrackedCase(case_id, party.pk, blind.normalised("mobile", party.mobile)) if party else None


def reach(party_id: int) -> Recipient | None:
    """How messages reach a party, the channel of their choice first."""
    row = Party.objects.filter(pk=party_id).first()
    if row is None:
        return None
    return Recipient(
        name=row.name,
        mobile=row.mobile,
        email=row.email,
        language="en" if row.language.startswith("en") else "zh",
        channels=(Channel(row.channel),),
    )
