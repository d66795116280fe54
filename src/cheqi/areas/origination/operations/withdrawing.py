"""The customer gives the application up, confirmed by one-time code when a program passes it on."""

from datetime import datetime
from uuid import UUID

from cheqi.areas.origination.operations.consents import customer_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.access.models import Purpose
from cheqi.foundation.access.operations.codes import CodeRequested, request_code
from cheqi.foundation.access.operations.customers import confirm_act
from cheqi.foundation.workflow import operations as workflow
from cheqi.foundation.workflow.answers import CaseMoved


def request_withdrawal_code(
    *, case_id: int, actor: Actor, now: datetime, address: str
) -> CodeRequested | Refused:
    """Sends the code that confirms the withdrawal, to the customer's own number."""
    party = customer_of(actor)
    if isinstance(party, Refused):
        return party
    return request_code(
        mobile=party.mobile,
        purpose=Purpose.CONSENT,
        subject=subject_of(case_id),
        party_id=party.pk,
        now=now,
        address=address,
    )


def withdraw(
    *,
    case_id: int,
    challenge: UUID,
    code: str,
    reason: str,
    actor: Actor,
    now: datetime,
    address: str,
    key: str,
) -> CaseMoved | Refused:
    """Ends the application as withdrawn, on the customer's confirmed word.

    A wrong code stays counted; a right one is used up also where the process refuses.
    """
    confirmed = confirm_act(
        challenge=challenge, code=code, subject=subject_of(case_id), actor=actor, now=now, address=address
    )
    if isinstance(confirmed, Refused):
        return confirmed
    return workflow.withdraw(case_id=case_id, reason=reason, actor=actor, now=now, key=key)


def subject_of(case_id: int) -> str:
    """What the code confirms."""
    return f"withdrawal:{case_id}"
