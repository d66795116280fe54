"""Who stands beside the applicant: somebody declines, is asked again, is replaced or left out.

Only co-borrowers and guarantors change; the borrower is the application.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.events.lending import PersonAskedAgain, PersonDeclined, PersonRemoved, PersonReplaced
from cheqi.foundation.eventlog.operations import record
from cheqi.records.applications.checks import RoleOf, check_roles
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application, ApplicationParty, Declination, PersonChange
from cheqi.records.applications.operations.entering import locked, missing
from cheqi.records.common import finding, invalid, not_found, who
from cheqi.records.parties.models import Party, PartyBranch

BESIDE = (PartyRole.CO_BORROWER, PartyRole.GUARANTOR)


def decline(
    *, application_id: int, party_id: int, act: str, actor: Actor, now: datetime
) -> Declination | Refused:
    """Keeps that somebody said no; said already, the first one stands. Refused for who is not beside the
    applicant."""
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        place = _place(row, party_id)
        if place is None:
            return _nobody()
        said, is_new = Declination.objects.get_or_create(
            application=row,
            party_id=party_id,
            settled_at=None,
            defaults={"role": place.role, "act": act, "declined_at": now},
        )
        if is_new:
            what = PersonDeclined(application_id=row.pk, party_role=place.role, act=said.act)
            record(what, actor=actor, now=now, case_id=row.case_id)
    return said


def ask_again(
    *, application_id: int, party_id: int, reason: str, actor: Actor, now: datetime
) -> Application | Refused:
    """Settles what somebody declined, so that they are asked again; nothing where they did not."""
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        place = _place(row, party_id)
        if place is None:
            return _nobody()
        if (refused := _reasonless(reason)) is not None:
            return refused
        if _settle(row, party_id, now):
            what = PersonAskedAgain(application_id=row.pk, party_role=place.role, reason=reason)
            record(what, actor=actor, now=now, case_id=row.case_id)
    return row


def change_person(
    *, application_id: int, party_id: int, to_party_id: int | None, reason: str, actor: Actor, now: datetime
) -> Application | Refused:
    """Puts somebody else in the place of a co-borrower or guarantor, or nobody; their refusal is settled.

    Their consent and the bureau's answer stay on record. Refused with everything that is wrong.
    """
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        place = _place(row, party_id)
        if place is None:
            return _nobody()
        roles = [RoleOf(one.party_id, one.role) for one in row.roles.order_by("pk") if one.pk != place.pk]
        if to_party_id is not None:
            roles.append(RoleOf(to_party_id, place.role))
        for refused in (_reasonless(reason), _wrong(row, roles)):
            if refused is not None:
                return refused
        role = place.role
        _settle(row, party_id, now)
        place.delete()
        if to_party_id is not None:
            ApplicationParty.objects.create(application=row, party_id=to_party_id, role=role)
            PartyBranch.objects.get_or_create(party_id=to_party_id, branch_id=row.branch_id)
        PersonChange.objects.create(
            application=row,
            role=role,
            before_id=party_id,
            after_id=to_party_id,
            reason=reason,
            changed_at=now,
            **who(actor),
        )
        event = PersonRemoved if to_party_id is None else PersonReplaced
        what = event(application_id=row.pk, party_role=role, reason=reason)
        record(what, actor=actor, now=now, case_id=row.case_id)
    return row


def _place(row: Application, party_id: int) -> ApplicationParty | None:
    return row.roles.filter(party_id=party_id, role__in=BESIDE).first()


def _settle(row: Application, party_id: int, now: datetime) -> int:
    declined = Declination.objects.filter(application=row, party_id=party_id, settled_at=None)
    return declined.update(settled_at=now)


def _reasonless(reason: str) -> Refused | None:
    if reason.strip():
        return None
    return invalid([finding("person.reason", "reason", "请写明原因", "Say why")])


def _wrong(row: Application, roles: Sequence[RoleOf]) -> Refused | None:
    parties = Party.objects.in_bulk([one.party_id for one in roles])
    return invalid(check_roles(roles, parties, row.customer_type))


def _nobody() -> Refused:
    return not_found(
        "person.missing", "申请里没有这位共同借款人或担保人", "There is no such co-borrower or guarantor"
    )
