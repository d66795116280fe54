"""The client manager settles what becomes of somebody who declined: asked again, replaced, or left out.

Whoever takes part afterwards is checked anew: documents, consent, credit policy, review, contract. What the
policy asks of the people there are then decides; nobody is waived here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cheqi.areas.origination.crediting import asked_about, missing, others_who_sign
from cheqi.areas.origination.operations.ending import void_contract
from cheqi.areas.origination.people import application_of, roles_of
from cheqi.areas.origination.together import Who, shared
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.identifiers import normalise_mobile
from cheqi.core.base.text import Text
from cheqi.core.process.definition import FactValue
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.operations import set_aside
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import check_materials, finish_step, give_facts, work_in
from cheqi.records.applications import operations as applications
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application, Declination
from cheqi.records.common import lender_date
from cheqi.records.parties import operations as parties
from cheqi.records.parties.choices import Channel, PartyKind
from cheqi.records.parties.models import Party

STEP = "change_people"
OF_ROLE = {PartyRole.GUARANTOR: ("GUARANTOR_ID_CARD",), PartyRole.CO_BORROWER: ("MARRIAGE_CERTIFICATE",)}
"""The documents that belong to who is in a role, and count no more for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Who takes the place, as the client manager enters them."""

    name: str
    id_number: str
    mobile: str


@whole
def replace_person(
    *, case_id: int, party_id: int, by: NewPerson, reason: str, actor: Actor, now: datetime, key: str
) -> CaseMoved:
    """Puts somebody else in the place of a co-borrower or guarantor.

    Refused while the case is not with the client manager, and with everything that is wrong with the person:
    numbers, a mobile or ID number that another of the application has, another mobile than is on record.
    """

    def change(application: Application) -> None:
        party = must(
            parties.record_party(
                name=by.name,
                id_number=by.id_number,
                mobile=by.mobile,
                channel=Channel.SMS,
                branch_id=application.branch_id,
                actor=actor,
                now=now,
            )
        )
        must(_fits(application, party_id, party, by, now))
        must(
            applications.change_person(
                application_id=application.pk,
                party_id=party_id,
                to_party_id=party.pk,
                reason=reason,
                actor=actor,
                now=now,
            )
        )

    return _changed(case_id, party_id, change, "changed", reason=reason, actor=actor, now=now, key=key)


@whole
def remove_person(
    *, case_id: int, party_id: int, reason: str, actor: Actor, now: datetime, key: str
) -> CaseMoved:
    """Goes on without a co-borrower or guarantor. Refused while the case is not with the client manager."""

    def change(application: Application) -> None:
        must(
            applications.change_person(
                application_id=application.pk,
                party_id=party_id,
                to_party_id=None,
                reason=reason,
                actor=actor,
                now=now,
            )
        )

    return _changed(case_id, party_id, change, "changed", reason=reason, actor=actor, now=now, key=key)


@whole
def ask_again(
    *, case_id: int, party_id: int, reason: str, actor: Actor, now: datetime, key: str
) -> CaseMoved:
    """Asks somebody again who had declined; they are told, and may say yes or no anew."""

    def change(application: Application) -> None:
        must(
            applications.ask_again(
                application_id=application.pk, party_id=party_id, reason=reason, actor=actor, now=now
            )
        )

    return _changed(case_id, party_id, change, "asked_again", reason=reason, actor=actor, now=now, key=key)


def _changed(
    case_id: int,
    party_id: int,
    change: Callable[[Application], None],
    outcome: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> CaseMoved:
    """Makes the change, and ends the step once nobody is left who declined."""
    must(work_in(case_id=case_id, step=STEP, actor=actor, now=now))
    application = application_of(case_id)
    role = application.roles.filter(party_id=party_id).values_list("role", flat=True).first()
    change(application)
    if outcome == "changed":
        _set_aside(case_id, OF_ROLE.get(PartyRole(role), ()) if role else (), now)
        void_contract(case_id=case_id, reason="参与人变更，合同作废", now=now)
    facts, told = _facts(application), f"people:{key}"
    if facts["declined_by_others"]:
        return must(give_facts(case_id=case_id, facts=facts, actor=SYSTEM, now=now, key=told))
    must(
        finish_step(
            case_id=case_id,
            step=STEP,
            outcome=outcome,
            reason=reason,
            facts=facts,
            actor=actor,
            now=now,
            key=key,
        )
    )
    return must(check_materials(case_id=case_id, actor=SYSTEM, now=now, key=f"there:{told}"))


def _facts(application: Application) -> dict[str, FactValue]:
    """What the process has to know of the people there are now."""
    roles = {row.role for row in roles_of(application)}
    lacking = missing(asked_about(application))
    declined = Declination.objects.filter(application=application, settled_at=None)
    return {
        "has_co_borrower": PartyRole.CO_BORROWER in roles,
        "has_guarantor": PartyRole.GUARANTOR in roles,
        "consents_of_others": sum(not one.is_applicant for one in lacking),
        "signatures_of_others": others_who_sign(application),
        "declined_by_others": declined.count(),
    }


def _set_aside(case_id: int, slots: tuple[str, ...], now: datetime) -> None:
    """Documents of who was in the role count no more."""
    for document in Document.objects.filter(case_id=case_id, slot__in=slots).order_by("pk"):
        must(set_aside(document.pk, reason_code="PERSON_CHANGED", actor=SYSTEM, now=now))


def _fits(
    application: Application, leaves_id: int, party: Party, by: NewPerson, now: datetime
) -> Party | Refused:
    """The person, unless they share what two cannot share, or are on record with another mobile."""
    found: tuple[Finding, ...] = ()
    if party.mobile and party.mobile != normalise_mobile(by.mobile):
        message = Text(
            f"此人登记的手机号尾号是 {party.mobile_last4}，与填写的不同，请核对，或先在客户资料里更正",
            f"On record this person's mobile ends in {party.mobile_last4}: check it, or correct it there",
        )
        found = (Finding("person.other_mobile", message, field="mobile"),)
    others = [row.party for row in roles_of(application) if row.party.kind == PartyKind.PERSON]
    people = [Who("other_", one.mobile, one.id_number) for one in others if one.pk != leaves_id]
    pairs = (shared((one, Who("", party.mobile, party.id_number)), lender_date(now)) for one in people)
    found += tuple({one.field: one for pair in pairs for one in pair}.values())
    return Refused(RefusalKind.INVALID, found) if found else party
