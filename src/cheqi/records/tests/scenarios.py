"""Named scenarios: fictitious people, cars and dealers, and applications up to a disbursed loan.

Numbers have valid check digits and belong to nobody: the ID numbers use the reserved-looking area 110101
with birth dates and serials made up here, the mobiles the unassigned-looking range 19900000000.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import Refused
from cheqi.core.base.identifiers import id_check_digit, luhn_digit, uscc_check_character, vin_check_digit
from cheqi.foundation.staff.models import Branch
from cheqi.records.agreements.models import Agreement
from cheqi.records.agreements.operations import prepare, sign
from cheqi.records.applications.checks import RoleOf
from cheqi.records.applications.models import Application, Dealer
from cheqi.records.applications.operations import create, decide, keep_offer, record_dealer
from cheqi.records.applications.queries import borrower
from cheqi.records.ledger.operations import open_books
from cheqi.records.loans.models import LoanAccount
from cheqi.records.loans.operations import disburse
from cheqi.records.parties.models import BankAccount, Party
from cheqi.records.parties.operations import add_account, record_party
from cheqi.records.products.models import ProductVersion
from cheqi.records.products.operations import add_version, create_product
from cheqi.records.vehicles.models import Vehicle
from cheqi.records.vehicles.operations import record_vehicle

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ENTITY = "车契汽车金融（演示）"
REVIEWER = Actor(ActorKind.STAFF, "900", "顾言", frozenset({"reviewer"}), Scope(everything=True))


def done(result: T | Refused) -> T:
    """The result of an operation that must not be refused here."""
    assert not isinstance(result, Refused), result
    return result


def rules(result: object) -> list[str]:
    """The rules that refused."""
    assert isinstance(result, Refused), result
    return [each.rule for each in result.findings]


def an_id_number(serial: int = 1, born: str = "19900615") -> str:
    """A valid ID number of nobody."""
    first = f"110101{born}{serial:03d}"
    return first + id_check_digit(first)


def a_mobile(serial: int = 1) -> str:
    """A mobile number of nobody."""
    return f"1990000{serial:04d}"


def a_card(serial: int = 1) -> str:
    """A bank card number with a valid check digit."""
    payload = f"622202000000{serial:06d}"
    return payload + luhn_digit(payload)


def a_uscc(serial: int = 1) -> str:
    """A unified social credit code with a valid check character."""
    first = f"91110101MA00{serial:05d}"
    return first + uscc_check_character(first)


def a_vin(serial: int = 1) -> str:
    """A VIN with a valid check digit."""
    vin = f"LSVAM4180N2{serial:06d}"
    return vin[:8] + vin_check_digit(vin[:8] + "0" + vin[9:]) + vin[9:]


def a_branch(code: str = "HZ01") -> Branch:
    """An office."""
    return Branch.objects.get_or_create(code=code, defaults={"name": f"{code}网点"})[0]


def a_manager(branch: Branch, member_id: str = "12") -> Actor:
    """A client manager of one branch."""
    scope = Scope(branch_ids=frozenset({branch.pk}))
    return Actor(ActorKind.STAFF, member_id, "陈静", frozenset({"client_manager"}), scope)


def a_customer(party: Party) -> Actor:
    """The customer themselves."""
    return Actor(ActorKind.CUSTOMER, str(party.pk), party.name, scope=Scope(party_id=party.pk))


def a_person(name: str = "汪鑫", serial: int = 1, branch: Branch | None = None) -> Party:
    """A person with ID number and mobile."""
    return done(
        record_party(
            name=name,
            id_number=an_id_number(serial),
            mobile=a_mobile(serial),
            birth_date=date(1990, 6, 15),
            branch_id=branch.pk if branch else None,
            actor=SYSTEM,
            now=NOW,
        )
    )


def a_company(name: str = "杭州安达物流有限公司", serial: int = 1) -> Party:
    """A company."""
    return done(record_party(name=name, kind="COMPANY", id_number=a_uscc(serial), actor=SYSTEM, now=NOW))


def an_account(party: Party, serial: int = 1) -> BankAccount:
    """A bank card of the party."""
    return done(
        add_account(
            party_id=party.pk,
            number=a_card(serial),
            bank_name="示例银行",
            holder_name=party.name,
            actor=SYSTEM,
            now=NOW,
        )
    )


def a_car(serial: int = 1, condition: str = "NEW", **details: Any) -> Vehicle:
    """A car with a VIN."""
    return done(
        record_vehicle(
            brand="示例",
            model="远行 2.0T",
            condition=condition,
            energy="ICE",
            vin=a_vin(serial),
            actor=SYSTEM,
            now=NOW,
            **details,
        )
    )


def a_dealer(serial: int = 1) -> Dealer:
    """A dealer with an account that the bank has not confirmed yet."""
    return done(
        record_dealer(
            name="杭州安心汽车销售有限公司",
            uscc=a_uscc(500 + serial),
            account="33050161000000000001",
            account_name="杭州安心汽车销售有限公司",
            bank_name="示例银行杭州分行",
            actor=SYSTEM,
            now=NOW,
        )
    )


def a_product(code: str = "STD", **terms: Any) -> ProductVersion:
    """等额本息 at 6 %, 10,000 to 500,000 yuan, 12 to 60 months, up to 80 % of the price."""
    product = done(
        create_product(
            code=code,
            name_zh="标准车贷",
            name_en="Standard auto loan",
            legal_entity=ENTITY,
            actor=SYSTEM,
            now=NOW,
        )
    )
    values: dict[str, Any] = {
        "method": "EQUAL_INSTALLMENT",
        "rate": Decimal("0.06"),
        "min_amount_fen": 1_000_000,
        "max_amount_fen": 50_000_000,
        "min_term_months": 12,
        "max_term_months": 60,
        "max_ltv": Decimal("0.8"),
        "four_eyes_above_fen": 30_000_000,
    }
    version = add_version(
        product_id=product.pk, effective_from=TODAY, actor=SYSTEM, now=NOW, **{**values, **terms}
    )
    return done(version)


def an_application(serial: int = 1, branch: Branch | None = None, **figures: Any) -> Application:
    """150,000 yuan, 50,000 down, 100,000 over 36 months, complete with dealer and account."""
    branch = branch or a_branch()
    person = a_person(serial=serial)
    version = ProductVersion.objects.first() or a_product()
    values: dict[str, Any] = {
        "price_fen": 15_000_000,
        "down_payment_fen": 5_000_000,
        "amount_fen": 10_000_000,
        "term_months": 36,
        "customer_type": "EMPLOYEE",
        "monthly_income_fen": 1_200_000,
        "dealer_id": a_dealer().pk,
        "collection_account_id": an_account(person, serial).pk,
    }
    return done(
        create(
            number=f"CQ202611{serial:05d}",
            branch_id=branch.pk,
            product_version_id=version.pk,
            vehicle_id=a_car(serial).pk,
            roles=(RoleOf(person.pk, "BORROWER"),),
            source_channel="DESK",
            actor=a_manager(branch),
            now=NOW,
            **{**values, **figures},
        )
    )


def an_approved_application(serial: int = 1, **figures: Any) -> Application:
    """With its offer kept and one approval on it."""
    row = an_application(serial, **figures)
    done(keep_offer(application_id=row.pk, actor=SYSTEM, now=NOW))
    done(decide(application_id=row.pk, step="review", opinion="APPROVE", actor=REVIEWER, now=NOW))
    return row


def an_effective_agreement(serial: int = 1, **figures: Any) -> Agreement:
    """Signed by the customer and then by the lender; the books are open."""
    open_books(legal_entity=ENTITY, open_date=TODAY, actor=SYSTEM, now=NOW)
    row = an_approved_application(serial, **figures)
    agreement = done(prepare(application_id=row.pk, number=f"HT202611{serial:05d}", actor=SYSTEM, now=NOW))
    person = borrower(row.pk)
    common: dict[str, Any] = {
        "agreement_id": agreement.pk,
        "document_sha256": "0" * 64,
        "actor": SYSTEM,
        "now": NOW,
    }
    done(sign(signer="CUSTOMER", party_id=person.pk, name=person.name, method="ONE_TIME_CODE", **common))
    return done(sign(signer="LENDER", name=ENTITY, method="CERTIFICATE", **common))


def a_disbursed_loan(serial: int = 1, **figures: Any) -> LoanAccount:
    """Paid out today."""
    agreement = an_effective_agreement(serial, **figures)
    return done(disburse(agreement_id=agreement.pk, key=f"key-{serial}", actor=SYSTEM, now=NOW))
