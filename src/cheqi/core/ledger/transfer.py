"""A balance changes by a transfer only: debit one account, credit another, an amount above zero.

So the books balance by construction. The value date is when it counts for the customer and may lie in
the past; the booking date is the lender's open business date. A correction is the reversal and a new
transfer, never an edit:

>>> paid_out = Transfer("1303", "1002", 10_000_000, date(2026, 1, 15), date(2026, 1, 15))
>>> paid_out.reversed(date(2026, 1, 16)).debit
'1002'
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement between two accounts, named by their codes. Raises ValueError where nothing would move."""

    debit: str
    credit: str
    amount_fen: int
    value_date: date
    booking_date: date

    def __post_init__(self) -> None:
        if self.amount_fen <= 0:
            raise ValueError(f"a transfer moves more than nothing, not {self.amount_fen} fen")
        if self.debit == self.credit:
            raise ValueError(f"a transfer moves between two accounts, not within {self.debit}")

    def reversed(self, booking_date: date) -> "Transfer":
        """The transfer that takes this one back, for the same value date, booked on `booking_date`."""
        return replace(self, debit=self.credit, credit=self.debit, booking_date=booking_date)


def balances(transfers: Iterable[Transfer]) -> dict[str, int]:
    """Debits less credits by account, in fen, ordered by code; they sum to zero."""
    totals: Counter[str] = Counter()
    for transfer in transfers:
        totals[transfer.debit] += transfer.amount_fen
        totals[transfer.credit] -= transfer.amount_fen
    return dict(sorted(totals.items()))
