"""Dealers: who is paid, and the bank's word on the account."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.identifiers import check_uscc, normalise_uscc
from cheqi.core.base.text import Text
from cheqi.core.events.lending import DealerAccountSet
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.privacy import blind
from cheqi.records.applications.choices import PayeeState
from cheqi.records.applications.models import Dealer
from cheqi.records.common import finding, invalid, not_found


def record_dealer(
    *,
    name: str,
    uscc: str,
    account: str,
    account_name: str,
    bank_name: str,
    actor: Actor,
    now: datetime,
    bank_code: str = "",
    case_id: int | None = None,
) -> Dealer | Refused:
    """Enters a dealer, or changes the one with this code; another account is unchecked again, and
    on record with who changed it.

    Refused with everything that is wrong, and to customers.
    """
    if not (actor.is_staff or actor.scope.everything):
        return refuse(
            RefusalKind.NOT_ALLOWED, "dealer.role", Text("只有员工可以登记经销商", "Staff enter dealers")
        )
    code, number = normalise_uscc(uscc), blind.normalised("account", account)
    findings = [Finding(each.rule, each.message, "uscc") for each in check_uscc(code)]
    findings += [
        finding(f"dealer.{field}", field, f"请填写{zh}", f"Please give the {en}")
        for field, value, zh, en in (
            ("name", name, "经销商名称", "dealer's name"),
            ("account", number, "收款账号", "account"),
            ("account_name", account_name, "收款户名", "account's name"),
            ("bank_name", bank_name, "开户银行", "bank"),
        )
        if not value.strip()
    ]
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        row = Dealer.objects.select_for_update().filter(uscc=code).first() or Dealer(
            uscc=code, created_at=now
        )
        before, now_is = row.account, (number, account_name.strip())
        is_other = row.pk is None or (before, row.account_name) != now_is
        if is_other:
            row.payee_state, row.payee_checked_at, row.payee_reference = PayeeState.UNCHECKED, None, ""
        row.name, row.account, row.account_name = name.strip(), number, account_name.strip()
        row.bank_name, row.bank_code = bank_name.strip(), bank_code
        row.save()
        if is_other:
            told = DealerAccountSet(
                dealer_id=row.pk, name=row.name, was_last4=before[-4:], last4=row.account[-4:]
            )
            record(told, actor=actor, now=now, case_id=case_id)
    return row


def keep_payee_verdict(
    *, dealer_id: int, state: str, reference: str, actor: Actor, now: datetime
) -> Dealer | Refused:
    """Keeps what the bank said about the dealer's account."""
    with transaction.atomic():
        row = Dealer.objects.select_for_update().filter(pk=dealer_id).first()
        if row is None:
            return not_found("dealer.missing", "没有这家经销商", "There is no such dealer")
        row.payee_state, row.payee_checked_at, row.payee_reference = PayeeState(state), now, reference
        row.save(update_fields=["payee_state", "payee_checked_at", "payee_reference"])
    return row
