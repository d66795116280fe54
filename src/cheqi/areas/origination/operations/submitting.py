"""Sending an application: answers become records, and the case moves on. All or nothing."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from cheqi.areas.origination.crediting import asked_about, others_who_sign
from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.drafting import open_draft
from cheqi.areas.origination.queries import draft_of
from cheqi.areas.origination.questions import QUESTIONS, Answers, objections
from cheqi.areas.origination.together import Who, named_in, shared
from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.identifiers import id_facts
from cheqi.core.base.text import Text
from cheqi.core.process.definition import FactValue
from cheqi.foundation.whole import Stopped, must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step, value_case
from cheqi.foundation.workflow.store import load_case
from cheqi.records.applications import operations as applications
from cheqi.records.applications.checks import RoleOf
from cheqi.records.applications.choices import PartyRole, SourceChannel
from cheqi.records.applications.models import Application
from cheqi.records.common import lender_date
from cheqi.records.parties import operations as parties
from cheqi.records.parties.choices import Channel, FactOrigin, PartyKind
from cheqi.records.parties.models import Party
from cheqi.records.products.models import ProductVersion
from cheqi.records.products.queries import on_offer
from cheqi.records.vehicles import operations as vehicles

PREFIXES: Mapping[str, str] = {PartyRole.CO_BORROWER: "co_borrower_", PartyRole.GUARANTOR: "guarantor_"}


@whole
def submit(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved:
    """Turns the draft's answers into party, car, account and application, and finishes the first step.

    Refused with everything that is missing, impossible or beyond the product; nothing is kept then. Sent
    again, it answers as it did.
    """
    draft = open_draft(case_id, actor)
    if isinstance(draft, Refused):
        return must(_sent_before(case_id, draft, actor, now, key))
    answers: Answers = json.loads(draft.answers)
    today = lender_date(now)
    people = named_in(answers, Party.objects.get(pk=draft.party_id).mobile)
    if findings := objections(answers, today) + shared(people, today):
        raise Stopped(Refused(RefusalKind.INVALID, findings))
    version = _product(answers, today, actor)
    application = _application(draft, answers, version, actor, now)
    must(applications.submit(application_id=application.pk, actor=actor, now=now))
    draft.application_id, draft.changed_at = application.pk, now
    draft.save(update_fields=["application_id", "changed_at"])
    value_case(case_id=case_id, value_fen=application.amount_fen)
    return must(_finish(application, actor, now, key))


def _finish(application: Application, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    by_customer, version = actor.kind is ActorKind.CUSTOMER, application.product_version
    roles = frozenset(application.roles.values_list("role", flat=True))
    facts: dict[str, FactValue] = {
        "customer_type": application.customer_type,
        "car_type": application.vehicle.condition,
        "has_co_borrower": PartyRole.CO_BORROWER in roles,
        "has_guarantor": PartyRole.GUARANTOR in roles,
        "amount_fen": application.amount_fen,
        "four_eyes_above_fen": version.four_eyes_above_fen,
        "phone_check_above_fen": version.phone_check_above_fen,
        "gps_required": version.is_gps_required,
        "consents_of_others": sum(not one.is_applicant for one in asked_about(application)),
        "signatures_of_others": others_who_sign(application),
    }
    return finish_step(
        case_id=application.case_id or 0,
        step="submit_online" if by_customer else "submit_at_desk",
        outcome="submit",
        facts=_declared(application.case_id or 0, facts),
        actor=actor,
        now=now,
        key=key,
    )


def _declared(case_id: int, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """The facts that the case's own version of the process knows: an older one asks for fewer."""
    loaded = load_case(case_id)
    known = loaded.record.definition.facts if loaded else {}
    return {name: value for name, value in facts.items() if name in known}


def _sent_before(
    case_id: int, refused: Refused, actor: Actor, now: datetime, key: str
) -> CaseMoved | Refused:
    """The answer to the same request made before; for everything else the refusal."""
    draft = draft_of(case_id, actor)
    if draft is None or draft.application_id is None:
        return refused
    answer = _finish(Application.objects.get(pk=draft.application_id), actor, now, key)
    return refused if isinstance(answer, Refused) else answer


def _application(
    draft: Draft, answers: Answers, version: ProductVersion, actor: Actor, now: datetime
) -> Application:
    """Party, car and account, then the application that joins them."""
    roles = _roles(draft, answers, actor, now)
    _each_on_their_own_phone(roles, now)
    car = must(
        vehicles.record_vehicle(
            brand=str(answers["brand"]),
            model=str(answers["model"]),
            condition=str(answers["condition"]),
            energy=str(answers["energy"]),
            branch_id=draft.branch_id,
            actor=actor,
            now=now,
            **_car_details(answers),
        )
    )
    account = must(
        parties.add_account(
            party_id=draft.party_id,
            number=str(answers["account_number"]),
            bank_name=str(answers["account_bank"]),
            holder_name=str(answers["name"]),
            actor=actor,
            now=now,
        )
    )
    price, down = int(answers["price_fen"]), int(answers["down_payment_fen"])
    return must(
        applications.create(
            number=draft.number,
            case_id=draft.case_id,
            branch_id=draft.branch_id,
            product_version_id=version.pk,
            vehicle_id=car.pk,
            roles=roles,
            source_channel=SourceChannel.PORTAL if actor.kind is ActorKind.CUSTOMER else SourceChannel.DESK,
            customer_type=str(answers["customer_type"]),
            price_fen=price,
            down_payment_fen=down,
            amount_fen=price - down,
            term_months=int(answers["term_months"]),
            monthly_income_fen=int(answers["monthly_income_fen"]),
            dealer_id=int(answers["dealer_id"]),
            collection_account_id=account.pk,
            actor=actor,
            now=now,
        )
    )


def _product(answers: Answers, today: date, actor: Actor) -> ProductVersion:
    offered = on_offer(
        today, actor, customer_type=str(answers["customer_type"]), condition=str(answers["condition"])
    )
    chosen = next((row for row in offered if row.product.code == answers["product"]), None)
    if chosen is None:
        message = Text("这个产品现在不适用于您的申请，请重选", "This product does not fit; choose another")
        question = QUESTIONS["product"]
        raise Stopped(
            Refused(RefusalKind.INVALID, (Finding("application.product", message, field=question.key),))
        )
    return chosen


def _roles(draft: Draft, answers: Answers, actor: Actor, now: datetime) -> list[RoleOf]:
    """Everybody who takes part, entered as they say they are; documents verify it later."""
    number = str(answers["id_number"])
    known = id_facts(number)
    declared: dict[str, str | date] = {"name": str(answers["name"]), "id_number": number}
    if known is not None:
        declared["birth_date"] = known.birth_date
    must(
        parties.verify_facts(
            party_id=draft.party_id,
            facts=declared,
            origin=FactOrigin.CUSTOMER,
            actor=actor,
            now=now,
            case_id=draft.case_id,
        )
    )
    if answers["customer_type"] != "COMPANY":
        roles = [RoleOf(draft.party_id, PartyRole.BORROWER)]
    else:
        company = must(
            parties.record_party(
                kind=PartyKind.COMPANY,
                name=str(answers["company_name"]),
                id_number=str(answers["company_uscc"]),
                branch_id=draft.branch_id,
                actor=actor,
                now=now,
            )
        )
        roles = [
            RoleOf(company.pk, PartyRole.BORROWER),
            RoleOf(draft.party_id, PartyRole.REPRESENTATIVE),
        ]
    for prefix, role in (("co_borrower", PartyRole.CO_BORROWER), ("guarantor", PartyRole.GUARANTOR)):
        if answers.get(f"has_{prefix}"):
            roles.append(RoleOf(_other(prefix, draft, answers, actor, now), role))
    return roles


def _each_on_their_own_phone(roles: Sequence[RoleOf], now: datetime) -> None:
    """Whoever is known already keeps the mobile that is on record: that one may not be shared either."""
    parties_of = Party.objects.in_bulk([one.party_id for one in roles])
    persons = [(one.role, parties_of[one.party_id]) for one in roles]
    people = [
        Who(PREFIXES.get(role, ""), party.mobile, party.id_number)
        for role, party in persons
        if party.kind == PartyKind.PERSON
    ]
    if findings := shared(people, lender_date(now)):
        raise Stopped(Refused(RefusalKind.INVALID, findings))


def _other(prefix: str, draft: Draft, answers: Answers, actor: Actor, now: datetime) -> int:
    """A co-borrower or guarantor: found by ID number, or entered."""
    party = must(
        parties.record_party(
            name=str(answers[f"{prefix}_name"]),
            id_number=str(answers[f"{prefix}_id_number"]),
            mobile=str(answers[f"{prefix}_mobile"]),
            channel=Channel.SMS,
            branch_id=draft.branch_id,
            actor=actor,
            now=now,
        )
    )
    return int(party.pk)


def _car_details(answers: Answers) -> Mapping[str, str | int | date]:
    details: dict[str, str | int | date] = {"usage": str(answers["usage"])}
    for name in ("vin", "plate"):
        if answers.get(name):
            details[name] = str(answers[name])
    if answers.get("registered_date"):
        details["registered_date"] = date.fromisoformat(str(answers["registered_date"]))
    if answers.get("mileage_km"):
        details["mileage_km"] = int(answers["mileage_km"])
    return details
