"""The bank: verify a payee, agree a direct debit, pay out, and ask what became of it.

Every request carries our key; the bank does a key once, however often it is sent. Amounts are fen.

Example: `pay_out` raises PaymentOutcomeUnknown when the line drops after sending. The caller then asks
`ask(key)`: None means that the bank never saw it and it may be sent again under the same key.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, UnableToReach


class UnableToReachBank(UnableToReach):
    """Nothing was instructed."""


class PaymentOutcomeUnknown(OutcomeUnknown):
    """Money may have moved; ask with the same key."""


class PaymentDeclined(DeclinedOutside):
    """The bank refused the instruction, for instance because the key was used for something else."""


class PayeeVerdict(StrEnum):
    """Whether account and name belong together."""

    MATCH = "MATCH"
    NAME_DIFFERS = "NAME_DIFFERS"
    ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"


class PaymentState(StrEnum):
    """What became of an instruction."""

    ACCEPTED = "ACCEPTED"
    SETTLED = "SETTLED"
    RETURNED = "RETURNED"


class MandateState(StrEnum):
    """Whether the account may be debited."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class PayeeCheck:
    """Does `account_number` belong to `name`? Personal when the payee is a person."""

    key: str
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    bank_code: str = ""


@dataclass(frozen=True, slots=True)
class PayeeAnswer:
    """The bank's word. `reference` is theirs."""

    key: str
    verdict: PayeeVerdict
    reference: str

    @property
    def is_match(self) -> bool:
        """Money may be sent there."""
        return self.verdict is PayeeVerdict.MATCH


@dataclass(frozen=True, slots=True)
class MandateRequest:
    """The customer lets us collect: at most `limit_fen` a time, until `valid_until_date`."""

    key: str
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    mobile: str = field(repr=False)
    contract_number: str
    limit_fen: int
    debit_day: int
    valid_until_date: date


@dataclass(frozen=True, slots=True)
class Mandate:
    """The direct-debit agreement at the bank; `reason` where it was refused."""

    key: str
    state: MandateState
    reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PayOut:
    """Pay `amount_fen` to the account. `memo` appears on the payee's statement."""

    key: str
    amount_fen: int
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    bank_code: str = ""
    memo: str = ""

    def __post_init__(self) -> None:
        if self.amount_fen <= 0:
            raise ValueError(f"a pay-out is above zero, not {self.amount_fen} fen")


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What became of a pay-out. A returned one says why in `reason`."""

    key: str
    state: PaymentState
    reference: str
    amount_fen: int
    settled_at: datetime | None = None
    reason: str = ""

    @property
    def is_settled(self) -> bool:
        """The money is at the payee's bank."""
        return self.state is PaymentState.SETTLED

    @property
    def is_final(self) -> bool:
        """Settled or returned: nothing more will happen."""
        return self.state is not PaymentState.ACCEPTED


class PaymentGateway(Protocol):
    """Raises UnableToReachBank, PaymentOutcomeUnknown or PaymentDeclined, and nothing else."""

    def verify_payee(self, check: PayeeCheck) -> PayeeAnswer:
        """Whether the account exists, is open and bears the name. Moves nothing."""
        ...

    def create_mandate(self, request: MandateRequest) -> Mandate:
        """Agrees a direct debit; a known key answers with the mandate that exists."""
        ...

    def pay_out(self, instruction: PayOut) -> PaymentStatus:
        """Pays once; a known key answers with what became of it and pays nothing."""
        ...

    def ask(self, key: str) -> PaymentStatus | None:
        """What became of the pay-out `key`, or None when the bank never accepted it."""
        ...

    def ask_mandate(self, key: str) -> Mandate | None:
        """The mandate agreed under `key`, or None when the bank never accepted it."""
        ...
