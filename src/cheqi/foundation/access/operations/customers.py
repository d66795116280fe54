"""What a right code opens: a customer's session, one tracked case, or a confirmed act."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from cheqi import ports
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import CodeConfirmed, CustomerCameIn, SessionsRevoked
from cheqi.foundation.access.hooks import PartyDirectory
from cheqi.foundation.access.models import Confirmation, CustomerSession, OneTimeCode, Purpose
from cheqi.foundation.access.operations.codes import spend
from cheqi.foundation.access.queries import actor_of_session
from cheqi.foundation.eventlog.operations import record

SESSION_LIVES_FOR = {Purpose.LOGIN: timedelta(hours=12), Purpose.TRACKER: timedelta(hours=2)}


def confirm_code(*, challenge: UUID, code: str, now: datetime, address: str) -> CustomerSession | Refused:
    """The session that a LOGIN or TRACKER code opens; the caller keeps it with `sessions.begin`.

    Somebody who logs in for the first time is entered as a party. The session of a tracker sees one case.
    Refused with one answer for whatever was wrong.
    """
    with transaction.atomic():
        spent = spend(challenge, code, purposes=SESSION_LIVES_FOR, now=now, address=address)
        if isinstance(spent, Refused):
            return spent
        session = _session(spent, now)
        session.save()
        event = CustomerCameIn(purpose=spent.purpose)
        actor = actor_of_session(session)
        record(event, actor=actor, now=now, party_id=session.party_id, case_id=session.case_id)
    return session


def confirm_act(
    *, challenge: UUID, code: str, subject: str, actor: Actor, now: datetime, address: str
) -> Confirmation | Refused:
    """The customer's confirmation of `subject` (a consent, a contract): the row is the proof.

    A code that was asked for by another party, or for another subject, confirms nothing.
    """
    with transaction.atomic():
        spent = spend(challenge, code, purposes=[Purpose.CONSENT, Purpose.SIGN], now=now, address=address)
        if isinstance(spent, Refused):
            return spent
        if spent.subject != subject or spent.party_id is None or str(spent.party_id) != actor.id:
            message = Text(
                "验证码与当前操作不符，请重新获取", "The code is for something else: ask for a new one"
            )
            return refuse(RefusalKind.NOT_ALLOWED, "access.code.subject", message)
        confirmation = Confirmation.objects.create(
            challenge=challenge,
            purpose=spent.purpose,
            subject=subject,
            party_id=spent.party_id,
            mobile_index=spent.mobile_index,
            address=address,
            confirmed_at=now,
        )
        event = CodeConfirmed(purpose=spent.purpose, subject_of=subject, challenge=str(challenge))
        record(event, actor=actor, now=now, party_id=spent.party_id)
    return confirmation


def revoke_sessions(
    *, actor: Actor, now: datetime, party_id: int | None = None, case_id: int | None = None
) -> int:
    """Ends the sessions of a party, or those that track a case. Returns how many.

    The caller found party or case in the actor's scope. Raises ValueError where neither is named.
    """
    if (party_id is None) is (case_id is None):
        raise ValueError("name a party or a case")
    live = CustomerSession.objects.filter(revoked_at=None, expires_at__gt=now)
    live = live.filter(case_id=case_id) if party_id is None else live.filter(party_id=party_id)
    with transaction.atomic():
        count = live.update(revoked_at=now)
        record(SessionsRevoked(count=count), actor=actor, now=now, party_id=party_id, case_id=case_id)
    return count


def end_session(session_id: int, *, now: datetime) -> None:
    """The customer logs out."""
    CustomerSession.objects.filter(pk=session_id, revoked_at=None).update(revoked_at=now)


def _session(spent: OneTimeCode, now: datetime) -> CustomerSession:
    purpose = Purpose(spent.purpose)
    session = CustomerSession(
        purpose=purpose,
        mobile_index=spent.mobile_index,
        party_id=spent.party_id,
        case_id=spent.case_id,
        began_at=now,
        expires_at=now + SESSION_LIVES_FOR[purpose],
    )
    if purpose is Purpose.LOGIN:
        directory = ports.get(PartyDirectory)
        person = directory.find(spent.mobile) or directory.enter(spent.mobile, now)
        session.party_id, session.name = person.party_id, person.name
    return session
