"""What the loan contract says, from the agreement and its application."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from cheqi.core.loan.terms import Method
from cheqi.foundation.paper.contents import Fee, Installment, Lender, LoanContract, Person, Vehicle
from cheqi.foundation.paper.places import Signatory
from cheqi.records.agreements.models import Agreement
from cheqi.records.agreements.queries import schedule
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application
from cheqi.records.parties.models import Party

METHODS = {
    Method.EQUAL_INSTALLMENT: "等额本息",
    Method.EQUAL_PRINCIPAL: "等额本金",
    Method.FLAT: "等本等息",
    Method.INTEREST_ONLY: "先息后本",
    Method.BALLOON: "等额本息，末期尾款",
}
ROLE_TITLES = {
    PartyRole.BORROWER: "借款人（抵押人）",
    PartyRole.REPRESENTATIVE: "授权代表",
    PartyRole.CO_BORROWER: "共同借款人",
    PartyRole.GUARANTOR: "保证人",
}
CONDITIONS = {"NEW": "新车", "USED": "二手车"}


def lender() -> Lender:
    """The lender of this installation, as papers name it."""
    return Lender(
        name=settings.LENDER_NAME,
        uscc=settings.LENDER_USCC,
        address=settings.LENDER_ADDRESS,
        phone=settings.LENDER_PHONE,
    )


def contract_of(agreement: Agreement, application: Application, now: datetime) -> LoanContract:
    """The contract of an agreement."""
    plan, version = schedule(agreement), application.product_version
    roles = roles_of(application)
    account = application.collection_account
    car = application.vehicle
    return LoanContract(
        number=agreement.number,
        drawn_at=now,
        place=settings.LENDER_PLACE,
        lender=lender(),
        persons=tuple(person_of(party, role) for role, party in roles),
        vehicle=Vehicle(
            model=f"{car.brand} {car.model}",
            vin=car.vin,
            kind=CONDITIONS[car.condition],
            price_fen=application.price_fen,
            engine_number=car.engine_number,
            plate=car.plate,
        ),
        dealer=application.dealer.name if application.dealer else "",
        down_payment_fen=application.down_payment_fen,
        principal_fen=plan.terms.principal_fen,
        nominal_rate=plan.terms.rate,
        annual_rate=agreement.annual_rate,
        method=METHODS[plan.terms.method],
        due_day=plan.installments[0].due_date.day,
        installments=tuple(
            Installment(
                number=row.number,
                due_date=row.due_date,
                principal_fen=row.principal_fen,
                interest_fen=row.interest_fen,
                balance_fen=row.balance_after_fen,
            )
            for row in plan.installments
        ),
        fees=tuple(Fee(name=fee["zh"], amount_fen=fee["amount_fen"]) for fee in agreement.fees),
        penalty_rate=Decimal(plan.terms.rate) * version.penalty_multiple,
        prepayment="放款满一期后可随时申请提前还款，不收违约金，利息按实际用款天数计算。",
        account=f"{account.bank_name} 尾号 {account.number_last4}" if account else "",
        court=settings.LENDER_COURT,
        has_gps=version.is_gps_required,
        has_guarantor=any(role == PartyRole.GUARANTOR for role, _ in roles),
    )


def person_of(party: Party, role: str) -> Person:
    """A customer's side of the contract."""
    return Person(
        role=ROLE_TITLES[PartyRole(role)],
        name=party.name,
        id_number=party.id_number,
        address=party.address,
        phone=party.mobile,
    )


def roles_of(application: Application) -> list[tuple[str, Party]]:
    """Everybody of an application with their role, borrower first."""
    order = PartyRole.values.index
    rows = sorted(application.roles.select_related("party"), key=lambda row: (order(row.role), row.pk))
    return [(row.role, row.party) for row in rows]


def signatories_of(application: Application) -> list[Signatory]:
    """Who signs, in the order of the signing page; a company signs through its representative."""
    roles = roles_of(application)
    is_company = any(role == PartyRole.REPRESENTATIVE for role, _ in roles)
    persons = [(role, party) for role, party in roles if not (is_company and role == PartyRole.BORROWER)]
    sides = [
        Signatory(
            role=role,
            field=f"{role.lower()}_{number}",
            title=ROLE_TITLES[PartyRole(role)],
            name=party.name,
            detail=f"证件尾号 {party.id_last4}",
            party_id=party.pk,
        )
        for number, (role, party) in enumerate(persons, 1)
    ]
    return [*sides, Signatory("LENDER", "lender", "贷款人", settings.LENDER_NAME)]
