"""What a loan costs beside interest, and when it is paid. Every fee counts in the disclosed annual rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cheqi.core.base.text import Text


class FeeTiming(StrEnum):
    """When a fee leaves the customer's pocket."""

    AT_DISBURSEMENT = "AT_DISBURSEMENT"
    EACH_INSTALLMENT = "EACH_INSTALLMENT"
    LAST_INSTALLMENT = "LAST_INSTALLMENT"


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee: `amount_fen` is what is paid each time that it is paid. Raises ValueError below zero."""

    code: str
    title: Text
    amount_fen: int
    timing: FeeTiming = FeeTiming.AT_DISBURSEMENT

    def __post_init__(self) -> None:
        if self.amount_fen < 0:
            raise ValueError(f"a fee is not negative: {self.code} {self.amount_fen} fen")


def fee_total_fen(fees: Sequence[Fee], installments: int) -> int:
    """All fees over the whole term."""
    return sum(
        fee.amount_fen * (installments if fee.timing is FeeTiming.EACH_INSTALLMENT else 1) for fee in fees
    )


def fee_at_fen(fees: Sequence[Fee], number: int, installments: int) -> int:
    """The fees paid with installment `number` (1-based); number 0 is the disbursement."""
    due = {FeeTiming.AT_DISBURSEMENT} if number == 0 else {FeeTiming.EACH_INSTALLMENT}
    if number == installments:
        due.add(FeeTiming.LAST_INSTALLMENT)
    return sum(fee.amount_fen for fee in fees if fee.timing in due)
