"""The people, cars and applications of the walked history, in a few statements for all of them."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from cheqi.areas.origination.models import Draft
from cheqi.demo.history.walk import Walk
from cheqi.demo.lender import DemoLender
from cheqi.demo.people import Person, a_person, a_vehicle
from cheqi.demo.people import Vehicle as Car
from cheqi.foundation.staff.models import Branch
from cheqi.foundation.workflow.models import Case
from cheqi.records.applications.models import (
    Application,
    ApplicationParty,
    CreditAuthorisation,
    CreditDecision,
    Dealer,
)
from cheqi.records.parties.models import BankAccount, Party, PartyBranch
from cheqi.records.vehicles.models import Vehicle, VehicleBranch

FIRST_SEED = 20_000
FIRST_MOBILE = 13_800_010_000
SUBMITS = ("submit_online", "submit_at_desk")
AUTHORISATION = "本人授权为「贷款审批」的目的查询本人的信用报告，仅用于本次车贷申请。"
OPINIONS = {"approve": "APPROVE", "refuse": "REFUSE", "return": "RETURN"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One walk with who it is about."""

    walk: Walk
    branch: Branch
    person: Person
    car: Car
    party: Party


def people_for(walks: list[Walk], branches: dict[str, Branch]) -> list[Entry]:
    """A new person and car for each walk."""
    found = []
    for walk in walks:
        number = FIRST_SEED + walk.shape.seed
        person = replace(a_person(number), mobile=str(FIRST_MOBILE + walk.shape.seed))
        party = Party(
            kind="PERSON",
            name=person.name,
            id_number=person.id_number,
            mobile=person.mobile,
            birth_date=person.birth_date,
            address=person.address,
            created_at=walk.opened_at,
        )
        found.append(Entry(walk, branches[walk.desk.branch], person, a_vehicle(number), party))
    Party.objects.bulk_create([entry.party for entry in found])
    PartyBranch.objects.bulk_create(PartyBranch(party=one.party, branch=one.branch) for one in found)
    return found


def write_books(entries: list[Entry], cases: list[Case], lender: DemoLender) -> None:
    """Accounts, cars, drafts, and the applications of those who had sent theirs."""
    pairs = list(zip(entries, cases, strict=True))
    sent = [(entry, case) for entry, case in pairs if sent_at(entry.walk)]
    cars = Vehicle.objects.bulk_create(_car(entry) for entry, _ in sent)
    VehicleBranch.objects.bulk_create(
        VehicleBranch(vehicle=car, branch=entry.branch) for (entry, _), car in zip(sent, cars, strict=True)
    )
    accounts = BankAccount.objects.bulk_create(_account(entry) for entry, _ in sent)
    applications = Application.objects.bulk_create(
        _application(entry, case, car, account, lender)
        for (entry, case), car, account in zip(sent, cars, accounts, strict=True)
    )
    ApplicationParty.objects.bulk_create(
        ApplicationParty(application=row, party=entry.party, role="BORROWER")
        for (entry, _), row in zip(sent, applications, strict=True)
    )
    by_case = {row.case_id: row.pk for row in applications}
    Draft.objects.bulk_create(_draft(entry, case, by_case.get(case.pk)) for entry, case in pairs)
    _write_decisions(sent, applications)


def sent_at(walk: Walk) -> datetime | None:
    """When the application was sent, if it was."""
    for key in SUBMITS:
        step = walk.state.steps.get(key)
        if step is not None and step.outcome:
            return step.finished_at
    return None


def _write_decisions(sent: list[tuple[Entry, Case]], applications: list[Application]) -> None:
    consents, decisions = [], []
    for (entry, _), row in zip(sent, applications, strict=True):
        for step in entry.walk.state.rounds:
            if not step.outcome or step.finished_at is None:
                continue
            if step.key == "authorise_credit":
                consents.append(_consent(entry, row, step.finished_at))
            elif step.key in {"review", "second_review", "settle_split"}:
                decision = CreditDecision(
                    application=row,
                    step=step.key,
                    round=step.round,
                    opinion=OPINIONS[step.outcome],
                    reasons=["INCOME"] if step.outcome == "refuse" else [],
                    actor_kind="STAFF",
                    actor_id=step.by.partition(":")[2],
                    actor_name=step.by_name,
                    decided_at=step.finished_at,
                )
                decisions.append(decision)
    CreditAuthorisation.objects.bulk_create(consents)
    CreditDecision.objects.bulk_create(decisions)


def _consent(entry: Entry, row: Application, at: datetime) -> CreditAuthorisation:
    return CreditAuthorisation(
        application=row,
        party=entry.party,
        purpose="贷款审批",
        text=AUTHORISATION,
        text_sha256=hashlib.sha256(AUTHORISATION.encode()).hexdigest(),
        method="ONE_TIME_CODE",
        authorised_at=at,
    )


def _car(entry: Entry) -> Vehicle:
    is_used, car = entry.walk.shape.facts["car_type"] == "USED", entry.car
    return Vehicle(
        vin=car.vin,
        plate=car.plate if is_used else "",
        brand=car.brand,
        model=car.model,
        engine_number=car.engine_number,
        registered_date=car.register_date if is_used else None,
        condition="USED" if is_used else "NEW",
        energy="NEV" if car.fuel == "电" else "ICE",
        mileage_km=entry.walk.shape.seed % 9 * 11_000 + 8_000 if is_used else None,
        created_at=entry.walk.opened_at,
    )


def _account(entry: Entry) -> BankAccount:
    return BankAccount(
        party=entry.party,
        number=entry.person.bank_card,
        bank_name="示例银行",
        holder_name=entry.person.name,
        created_at=entry.walk.opened_at,
    )


def _application(
    entry: Entry, case: Case, car: Vehicle, account: BankAccount, lender: DemoLender
) -> Application:
    facts, walk = entry.walk.shape.facts, entry.walk
    is_used, amount = facts["car_type"] == "USED", int(facts["amount_fen"] or 0)
    dealer: Dealer = lender.dealers[walk.shape.seed % len(lender.dealers)]
    price = amount * 100 // (65 if is_used else 75) // 100_000 * 100_000
    by_customer = walk.shape.by_customer
    opener = walk.moves[0].actor
    return Application(
        number=case.number,
        case_id=case.pk,
        branch=entry.branch,
        product_version=lender.products["used-car" if is_used else "new-car"],
        customer_type=str(facts["customer_type"]),
        vehicle=car,
        price_fen=price,
        down_payment_fen=price - amount,
        amount_fen=amount,
        term_months=(24, 36, 36, 36)[walk.shape.seed % 4],
        monthly_income_fen=1_000_000 + walk.shape.seed % 17 * 90_000,
        dealer=dealer,
        collection_account=account,
        source_channel="PORTAL" if by_customer else "DESK",
        creator_kind="CUSTOMER" if by_customer else "STAFF",
        creator_id=str(entry.party.pk) if by_customer else opener.id,
        creator_name=entry.person.name if by_customer else opener.name,
        created_at=walk.opened_at,
        submitted_at=sent_at(walk),
    )


def _draft(entry: Entry, case: Case, application_id: int | None) -> Draft:
    facts, person = entry.walk.shape.facts, entry.person
    answers = {
        "customer_type": facts["customer_type"],
        "name": person.name,
        "id_number": person.id_number,
        "condition": facts["car_type"],
        "brand": entry.car.brand,
        "model": entry.car.model,
    }
    return Draft(
        case_id=case.pk,
        number=case.number,
        party_id=entry.party.pk,
        branch_id=entry.branch.pk,
        answers=json.dumps(answers, ensure_ascii=False),
        application_id=application_id,
        created_at=entry.walk.opened_at,
        changed_at=sent_at(entry.walk) or entry.walk.opened_at,
    )
