"""Balances from transfers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from cheqi.core.base.actors import Actor
from cheqi.records.ledger.models import Account, BusinessDate, Transfer


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account: all debits, all credits, and debits less credits, in fen."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    debit_fen: int
    credit_fen: int

    @property
    def balance_fen(self) -> int:
        """Debits less credits."""
        return self.debit_fen - self.credit_fen


def open_date(legal_entity: str) -> date:
    """The open business date. Raises BusinessDate.DoesNotExist where the books were never opened."""
    return BusinessDate.objects.get(legal_entity=legal_entity).open_date


def trial_balance(legal_entity: str, on: date, actor: Actor) -> tuple[TrialLine, ...]:
    """Every account as booked up to and on a day; three statements. Empty for who sees no ledger."""
    if not actor.scope.everything:
        return ()
    debited, credited = (_sums(side, legal_entity, on) for side in ("debit", "credit"))
    return tuple(
        TrialLine(
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            kind=row.kind,
            debit_fen=debited.get(row.pk, 0),
            credit_fen=credited.get(row.pk, 0),
        )
        for row in Account.objects.filter(legal_entity=legal_entity).order_by("code", "pk")
    )


def transfers_of(subject: str, actor: Actor) -> tuple[Transfer, ...]:
    """The transfers about one record, such as `loan:17`, in booking order. Empty for who sees no ledger."""
    if not actor.scope.everything:
        return ()
    return tuple(Transfer.objects.filter(subject=subject).select_related("debit", "credit").order_by("pk"))


def _sums(side: str, legal_entity: str, on: date) -> dict[int, int]:
    booked = Q(**{f"{side}__legal_entity": legal_entity}, booking_date__lte=on)
    rows = Transfer.objects.filter(booked).order_by().values(side).annotate(total=Sum("amount_fen"))
    return {row[side]: row["total"] for row in rows}
