"""The left of an application's page: who (masked), which car, the money, what was checked."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.areas.origination.desk.checks import Looked, checks_of
from cheqi.areas.origination.queries import draft_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.rates import format_percent
from cheqi.core.base.text import Text
from cheqi.foundation.originals import is_reachable
from cheqi.foundation.privacy.masking import cover, mask
from cheqi.foundation.privacy.models import Sealed
from cheqi.foundation.privacy.operations import unmask
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.choices import CustomerType, MandateState, PartyRole, PayeeState
from cheqi.records.applications.models import Application, ApplicationParty
from cheqi.records.applications.queries import by_case, latest_offer
from cheqi.records.parties.models import Party
from cheqi.records.parties.queries import visible_parties
from cheqi.records.vehicles.choices import Condition, Energy
from cheqi.ui.casework import Sheet
from cheqi.ui.choices import as_badge
from cheqi.ui.formatting import money
from cheqi.ui.parts import Fact, KeyFacts, Panel

SEALED = ("id_number", "mobile")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One personal value: masked, and the key under which it can be asked for in clear."""

    key: str
    label: str
    value: str
    is_masked: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the application, as the actor may see them."""

    role: str
    name: str
    lines: tuple[PersonLine, ...]
    badge: Any = None


def sheet(record: CaseRecord, actor: Actor, now: datetime) -> Sheet:
    """The facts of the case; before it is sent there is only who started it."""
    application = by_case(record.id, actor)
    if application is None:
        return _of_draft(record, actor)
    roles = list(
        ApplicationParty.objects.filter(application=application).select_related("party").order_by("pk")
    )
    offer = latest_offer(application.pk, actor)
    data: dict[str, Any] = offer.data if offer else {}
    car = application.vehicle
    condition = str(Condition(car.condition).label)
    named = next((row.party.name for row in roles if row.role == PartyRole.BORROWER), "")
    return Sheet(
        line=(
            named,
            f"{condition} {car.brand} {car.model}",
            money(application.amount_fen),
            application.branch.name,
        ),
        people=tuple(_person(row, actor) for row in roles),
        panels=(
            Panel(_("贷款"), KeyFacts(_money_facts(application, data))),
            Panel(_("车辆"), KeyFacts(_car_facts(application))),
            Panel(_("收付款"), KeyFacts(_account_facts(application, actor))),
        ),
        checks=checks_of(Looked(record, application, data, actor, is_reachable(record, actor, now))),
        warnings=tuple(_words(row) for row in data.get("findings", ())),
    )


def reveal(record: CaseRecord, what: str, actor: Actor, reason: str, now: datetime) -> str | Refused:
    """A masked value in clear; `what` is `party-12-mobile`, `account` or `dealer`."""
    row, field = _sealed(record, what, actor)
    if row is None:
        return refuse(
            RefusalKind.NOT_FOUND, "origination.unmask", Text("没有这项信息", "There is no such value")
        )
    party_id = row.pk if isinstance(row, Party) else None
    return unmask(row, field, actor=actor, reason=reason, now=now, case_id=record.id, party_id=party_id)


def _sealed(record: CaseRecord, what: str, actor: Actor) -> tuple[Sealed | None, str]:
    application = by_case(record.id, actor)
    if what == "account" and application is not None:
        return application.collection_account, "number"
    if what == "dealer" and application is not None:
        return application.dealer, "account"
    kind, _dash, rest = what.partition("-")
    number, _dash, field = rest.partition("-")
    if kind != "party" or not number.isdecimal() or field not in SEALED:
        return None, ""
    taking_part = [record.party_id]
    if application is not None:
        taking_part += ApplicationParty.objects.filter(application=application).values_list(
            "party_id", flat=True
        )
    if int(number) not in taking_part:
        return None, ""
    return visible_parties(actor).filter(pk=int(number)).first(), field


def _person(row: ApplicationParty, actor: Actor) -> Person:
    return Person(
        role=str(PartyRole(row.role).label),
        name=mask("name", row.party.name, actor),
        lines=_lines(row.party, actor),
    )


def _lines(party: Party, actor: Actor) -> tuple[PersonLine, ...]:
    labels = {
        "id_number": _("统一代码") if party.kind == "COMPANY" else _("身份证号"),
        "mobile": _("手机号"),
    }
    found = []
    for field in SEALED:
        value = getattr(party, field)
        if value:
            shown = mask(field, value, actor)
            is_masked = shown != value
            found.append(PersonLine(f"party-{party.pk}-{field}", labels[field], shown, is_masked))
    return tuple(found)


def _money_facts(application: Application, data: dict[str, Any]) -> tuple[Fact, ...]:
    product = application.product_version
    name = product.product.name_en if _is_english() else product.product.name_zh
    facts = [
        Fact(_("产品"), name, note=f"v{product.version}"),
        Fact(_("车价"), money(application.price_fen)),
        Fact(_("首付"), money(application.down_payment_fen)),
        Fact(_("贷款"), money(application.amount_fen), is_strong=True),
        Fact(_("期限"), _("%(n)s 期") % {"n": application.term_months}),
    ]
    if data:
        share = format_percent(Decimal(data["loan_to_value"]))
        limit = _("上限 %(limit)s") % {"limit": format_percent(product.max_ltv)}
        facts += [
            Fact(_("月供"), money(data["installment_fen"])),
            Fact(_("年化利率"), format_percent(Decimal(data["annual_rate"])), note=_("单利，按 IRR")),
            Fact(_("贷款成数"), share, note=limit),
        ]
    else:
        facts.append(Fact(_("成数上限"), format_percent(product.max_ltv)))
    if application.monthly_income_fen:
        facts.append(Fact(_("月收入"), money(application.monthly_income_fen)))
    facts.append(Fact(_("客户类型"), CustomerType(application.customer_type).label))
    return tuple(facts)


def _car_facts(application: Application) -> tuple[Fact, ...]:
    car = application.vehicle
    facts = [
        Fact(_("车型"), f"{car.brand} {car.model}"),
        Fact(_("动力"), Energy(car.energy).label),
        Fact(_("号牌"), car.plate or _("未上牌")),
        Fact("VIN", car.vin or _("待补")),
    ]
    if car.registered_date:
        facts.append(Fact(_("注册日期"), f"{car.registered_date:%Y-%m-%d}"))
    if car.mileage_km is not None:
        facts.append(Fact(_("里程"), _("%(n)s 公里") % {"n": f"{car.mileage_km:,}"}))
    return tuple(facts)


def _account_facts(application: Application, actor: Actor) -> tuple[Fact, ...]:
    facts = []
    account, dealer = application.collection_account, application.dealer
    if dealer is not None:
        facts += [
            Fact(_("付给"), dealer.name),
            Fact(_("收款账户"), mask("account", dealer.account, actor), note=dealer.bank_name),
            Fact(_("户名核验"), as_badge(PayeeState(dealer.payee_state)).label),
        ]
    if account is not None:
        facts.append(Fact(_("还款卡"), cover("account", account.number), note=account.bank_name))
    mandate = getattr(application, "mandate", None)
    if mandate is not None:
        facts.append(Fact(_("代扣"), MandateState(mandate.state).label))
    return tuple(facts)


def _of_draft(record: CaseRecord, actor: Actor) -> Sheet:
    """Who the application is for, while it is being filled in."""
    draft = draft_of(record.id, actor)
    party = visible_parties(actor).filter(pk=draft.party_id).first() if draft else None
    if party is None:
        return Sheet(line=(record.created_by_name,))
    person = Person(_("申请人"), party.name or _("未填姓名"), _lines(party, actor))
    return Sheet(line=(party.name or _("未填姓名"),), people=(person,))


def _words(row: dict[str, str]) -> str:
    return row["en"] if _is_english() else row["zh"]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
