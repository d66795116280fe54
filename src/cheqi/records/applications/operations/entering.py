"""Starting, changing and submitting an application."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.lending import ApplicationChanged, ApplicationCreated, ApplicationSubmitted
from cheqi.core.loan.offer import Limit
from cheqi.foundation.eventlog.operations import record
from cheqi.records.applications.checks import RoleOf, check_figures, check_roles, check_share
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application, ApplicationParty, Dealer
from cheqi.records.applications.queries import borrower, visible_applications
from cheqi.records.common import conflict, finding, invalid, lender_date, not_found, not_now
from cheqi.records.parties.models import BankAccount, Party, PartyBranch
from cheqi.records.products.models import ProductVersion
from cheqi.records.products.queries import conditions, in_force
from cheqi.records.vehicles.choices import Condition
from cheqi.records.vehicles.models import Vehicle, VehicleBranch

FIGURES = frozenset(
    {
        "price_fen", "down_payment_fen", "amount_fen", "balloon_fen", "term_months",
        "monthly_income_fen", "due_day", "dealer_id", "collection_account_id", "customer_type",
    }
)  # fmt: skip


def create(
    *,
    number: str,
    branch_id: int,
    product_version_id: int,
    vehicle_id: int,
    roles: Sequence[RoleOf],
    source_channel: str,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
    **figures: Any,
) -> Application | Refused:
    """Starts an application; `figures` are price, down payment, amount, term and the like (`FIGURES`).

    The branch sees car and parties from then on. The same number gives the same application. Refused
    with everything that is wrong, to who acts for another branch or customer, nothing kept.
    """
    if unknown := set(figures) - FIGURES:
        raise TypeError(f"an application has no {sorted(unknown)}")
    if (refused := _not_theirs(actor, branch_id, roles)) is not None:
        return refused
    version = in_force(lender_date(now)).filter(pk=product_version_id).first()
    if version is None:
        return not_found("application.product", "该产品当前不可申请", "This product is not on offer today")
    values = {**figures, "source_channel": source_channel}
    findings = _check(values, version, vehicle_id, roles)
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        known = Application.objects.filter(number=number).first()
        if known is not None:
            return known if _is_same(known, values, vehicle_id) else _number_taken()
        row = Application(
            number=number,
            case_id=case_id,
            branch_id=branch_id,
            product_version=version,
            vehicle_id=vehicle_id,
            creator_kind=actor.kind.value,
            creator_id=actor.id,
            creator_name=actor.name,
            created_at=now,
            **values,
        )
        row.save(force_insert=True)
        _set_roles(row, roles)
        what = ApplicationCreated(
            application_id=row.pk,
            number=number,
            amount_fen=row.amount_fen,
            term_months=row.term_months,
            channel=source_channel,
        )
        record(what, actor=actor, now=now, case_id=case_id, party_id=borrower(row.pk).pk)
    return row


def change(
    *, application_id: int, actor: Actor, now: datetime, roles: Sequence[RoleOf] | None = None, **figures: Any
) -> Application | Refused:
    """Changes figures or parties before a decision. Refused afterwards, and with everything that is wrong."""
    if unknown := set(figures) - FIGURES:
        raise TypeError(f"an application has no {sorted(unknown)}")
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        if row.decisions.exclude(opinion="RETURN").exists():
            return not_now(
                "application.decided", "申请已进入审批，不能修改", "The application is being decided"
            )
        kept = [RoleOf(each.party_id, each.role) for each in row.roles.order_by("pk")]
        values = {name: getattr(row, name) for name in FIGURES} | figures
        values["source_channel"] = row.source_channel
        findings = _check(values, row.product_version, row.vehicle_id, kept if roles is None else roles)
        if (refused := invalid(findings)) is not None:
            return refused
        for name, value in figures.items():
            setattr(row, name, value)
        row.save()
        if roles is not None:
            row.roles.all().delete()
            _set_roles(row, roles)
        fields = tuple(sorted([*figures, *(["roles"] if roles is not None else [])]))
        what = ApplicationChanged(application_id=row.pk, number=row.number, fields=fields)
        record(what, actor=actor, now=now, case_id=row.case_id)
    return row


def link_case(*, application_id: int, case_id: int, actor: Actor, now: datetime) -> Application | Refused:
    """Says which workflow case moves the application; once, the same case again changes nothing."""
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        if row.case_id not in {None, case_id}:
            return conflict(
                "application.case", "申请已关联其他流程", "The application belongs to another case"
            )
        row.case_id = case_id
        row.save(update_fields=["case_id"])
    return row


def submit(*, application_id: int, actor: Actor, now: datetime) -> Application | Refused:
    """Marks the application as complete; again, it stays as it was.

    Refused while something is missing, and where more of the price would be lent than product and law allow.
    """
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        if row.submitted_at is not None:
            return row
        findings = [
            finding("application.incomplete", name, f"请填写{zh}", f"Please give the {en}")
            for name, zh, en in (
                ("dealer_id", "收款经销商", "dealer"),
                ("collection_account_id", "还款账户", "collection account"),
            )
            if getattr(row, name) is None
        ]
        findings += check_share(row.price_fen, row.amount_fen, _limits(row, lender_date(now)))
        if (refused := invalid(findings)) is not None:
            return refused
        row.submitted_at = now
        row.save(update_fields=["submitted_at"])
        what = ApplicationSubmitted(application_id=row.pk, number=row.number)
        record(what, actor=actor, now=now, case_id=row.case_id)
    return row


def _limits(row: Application, on: date) -> tuple[Limit, ...]:
    car = row.vehicle
    is_used = car.condition == Condition.USED
    return conditions(row.product_version, on=on, is_used=is_used, usage=car.usage, energy=car.energy).limits


def locked(application_id: int, actor: Actor) -> Application | None:
    """The application, locked, where the actor may see it."""
    seen = visible_applications(actor).filter(pk=application_id).order_by().values("pk")
    rows = Application.objects.select_for_update(of=("self",)).select_related("product_version", "vehicle")
    return rows.filter(pk__in=seen).first()


def missing() -> Refused:
    """There is none, or not this actor's to see."""
    return not_found("application.missing", "没有这个申请", "There is no such application")


def _number_taken() -> Refused:
    return conflict("application.number", "申请编号已被使用", "The application number is taken")


def _not_theirs(actor: Actor, branch_id: int, roles: Sequence[RoleOf]) -> Refused | None:
    """A colleague enters for the own branches, a customer for themselves."""
    scope = actor.scope
    own = any(each.party_id == scope.party_id and each.role != PartyRole.GUARANTOR for each in roles)
    if scope.everything or branch_id in scope.branch_ids or (scope.party_id is not None and own):
        return None
    return refuse(
        RefusalKind.NOT_ALLOWED,
        "application.scope",
        Text("只能为本网点或本人建立申请", "Applications are entered for the own branch or oneself"),
    )


def _check(
    values: dict[str, Any], version: ProductVersion, vehicle_id: int, roles: Sequence[RoleOf]
) -> list[Finding]:
    found = check_figures(values, version)
    vehicle = Vehicle.objects.filter(pk=vehicle_id).first()
    if vehicle is None:
        found.append(finding("application.vehicle", "vehicle_id", "没有这辆车", "There is no such vehicle"))
    elif version.conditions and vehicle.condition not in version.conditions:
        found.append(
            finding(
                "product.condition",
                "vehicle_id",
                "该产品不适用于此类车辆",
                "This product is not for this kind of car",
            )
        )
    parties = Party.objects.in_bulk([each.party_id for each in roles])
    found += check_roles(roles, parties, str(values.get("customer_type")))
    dealer, account = values.get("dealer_id"), values.get("collection_account_id")
    if dealer is not None and not Dealer.objects.filter(pk=dealer, is_active=True).exists():
        found.append(finding("application.dealer", "dealer_id", "没有这家经销商", "There is no such dealer"))
    owners = [each.party_id for each in roles if each.role != PartyRole.GUARANTOR]
    if account is not None and not BankAccount.objects.filter(pk=account, party_id__in=owners).exists():
        found.append(
            finding(
                "application.account",
                "collection_account_id",
                "还款账户须属于借款人",
                "The collection account must be a borrower's",
            )
        )
    return found


def _set_roles(row: Application, roles: Sequence[RoleOf]) -> None:
    """The parties of the application; its branch sees them and the car from then on."""
    ApplicationParty.objects.bulk_create(
        ApplicationParty(application=row, party_id=each.party_id, role=each.role) for each in roles
    )
    PartyBranch.objects.bulk_create(
        [PartyBranch(party_id=each.party_id, branch_id=row.branch_id) for each in roles],
        ignore_conflicts=True,
    )
    VehicleBranch.objects.get_or_create(vehicle_id=row.vehicle_id, branch_id=row.branch_id)


def _is_same(row: Application, values: dict[str, Any], vehicle_id: int) -> bool:
    return row.vehicle_id == vehicle_id and all(getattr(row, name) == value for name, value in values.items())
