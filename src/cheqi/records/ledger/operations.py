"""Posting: all transfers of one cause in one statement, each once by its key, booked on the open day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.ledger import STANDARD_CHART, ChartOfAccounts, Purpose
from cheqi.core.ledger import Transfer as Movement
from cheqi.records.common import conflict, not_found, not_now
from cheqi.records.ledger.models import Account, BusinessDate, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One transfer to make, by the purposes of its accounts; `key` makes it once."""

    key: str
    debit: Purpose
    credit: Purpose
    amount_fen: int
    value_date: date
    subject: str
    memo: str = ""


def open_books(
    *,
    legal_entity: str,
    open_date: date,
    actor: Actor,
    now: datetime,
    chart: ChartOfAccounts = STANDARD_CHART,
) -> BusinessDate:
    """The chart and the first business date of a legal entity; done already, it changes nothing."""
    with transaction.atomic():
        for each in chart.accounts:
            Account.objects.get_or_create(
                legal_entity=legal_entity,
                code=each.code,
                defaults={
                    "name_zh": each.title.zh,
                    "name_en": each.title.en,
                    "kind": each.kind.value,
                    "purpose": each.purpose.value if each.purpose else "",
                },
            )
        row, _ = BusinessDate.objects.get_or_create(
            legal_entity=legal_entity, defaults={"open_date": open_date}
        )
    return row


def post(
    *, legal_entity: str, postings: Sequence[Posting], actor: Actor, now: datetime
) -> tuple[Transfer, ...] | Refused:
    """Makes all transfers, booked on the open business date, in one statement inside one transaction.

    Keys that exist with the same content give the rows there are; with other content they are refused.
    Raises BusinessDate.DoesNotExist and KeyError where the entity's books were not opened.
    """
    with transaction.atomic():
        day = BusinessDate.objects.select_for_update().get(legal_entity=legal_entity).open_date
        accounts = {row.purpose: row for row in Account.objects.filter(legal_entity=legal_entity)}
        wanted = [_row(each, accounts, day, actor, now) for each in postings]
        there = {row.key: row for row in Transfer.objects.filter(key__in=[row.key for row in wanted])}
        if any(not _same(row, there[row.key]) for row in wanted if row.key in there):
            return conflict(
                "ledger.key", "同一记账键的内容不同", "The same key was posted with other content"
            )
        Transfer.objects.bulk_create([row for row in wanted if row.key not in there])
        rows = {row.key: row for row in Transfer.objects.filter(key__in=[row.key for row in wanted])}
    return tuple(rows[row.key] for row in wanted)


def reverse(*, transfer_id: int, key: str, memo: str, actor: Actor, now: datetime) -> Transfer | Refused:
    """Takes one transfer back: debit and credit change places, same value date, booked today.

    The same key gives the same reversal; a second one of the same transfer is refused.
    """
    with transaction.atomic():
        row = (
            Transfer.objects.select_for_update()
            .select_related("debit", "credit")
            .filter(pk=transfer_id)
            .first()
        )
        if row is None:
            return not_found("ledger.missing", "没有这笔分录", "There is no such transfer")
        made = Transfer.objects.filter(reverses=row).first()
        if made is not None:
            return (
                made
                if made.key == key
                else conflict("ledger.reversed", "该分录已冲正", "It was already reversed")
            )
        day = BusinessDate.objects.get(legal_entity=row.debit.legal_entity).open_date
        back = Transfer(
            key=key,
            debit=row.credit,
            credit=row.debit,
            amount_fen=row.amount_fen,
            value_date=row.value_date,
            booking_date=day,
            subject=row.subject,
            memo=memo,
            reverses=row,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            posted_at=now,
        )
        back.save(force_insert=True)
    return back


def move_business_date(
    *, legal_entity: str, to_date: date, actor: Actor, now: datetime
) -> BusinessDate | Refused:
    """Opens a later day. Refused for the same or an earlier one."""
    with transaction.atomic():
        row = BusinessDate.objects.select_for_update().get(legal_entity=legal_entity)
        if to_date <= row.open_date:
            return not_now("ledger.date", "营业日只能向后", "The business date only moves forward")
        row.open_date = to_date
        row.save(update_fields=["open_date"])
    return row


def _row(posting: Posting, accounts: dict[str, Account], day: date, actor: Actor, now: datetime) -> Transfer:
    """The row of one posting; the core's transfer says whether it can be one."""
    debit, credit = accounts[posting.debit.value], accounts[posting.credit.value]
    moved = Movement(debit.code, credit.code, posting.amount_fen, posting.value_date, day)
    return Transfer(
        key=posting.key,
        debit=debit,
        credit=credit,
        amount_fen=moved.amount_fen,
        value_date=moved.value_date,
        booking_date=moved.booking_date,
        subject=posting.subject,
        memo=posting.memo,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        posted_at=now,
    )


def _same(wanted: Transfer, there: Transfer) -> bool:
    names = ("debit_id", "credit_id", "amount_fen", "value_date", "subject")
    return all(getattr(wanted, name) == getattr(there, name) for name in names)
