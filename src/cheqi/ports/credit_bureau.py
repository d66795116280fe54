"""The credit bureau: one enquiry, authorised by the person concerned, gives one report.

No enquiry without an authorisation on record (征信业管理条例 art. 18): the reference, the time and the
version of the text that the person agreed to travel with every request.

Example: `get(CreditBureau).enquire(enquiry).score`, where `enquiry.key` makes a repeat harmless: the
bureau answers a key that it knows with the report it already gave, and counts one enquiry.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, UnableToReach


class UnableToReachCreditBureau(UnableToReach):
    """No enquiry was made."""


class CreditBureauOutcomeUnknown(OutcomeUnknown):
    """The enquiry may be on the person's record; ask with the same key."""


class CreditBureauDeclined(DeclinedOutside):
    """The bureau refused the enquiry, for instance because the authorisation is missing."""


class EnquiryPurpose(StrEnum):
    """Why the lender asks, in the bureau's own classes."""

    LOAN_APPROVAL = "LOAN_APPROVAL"
    GUARANTOR_REVIEW = "GUARANTOR_REVIEW"
    POST_LOAN_MANAGEMENT = "POST_LOAN_MANAGEMENT"
    OBJECTION = "OBJECTION"


@dataclass(frozen=True, slots=True)
class Subject:
    """The person asked about. Personal: never logged."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    id_kind: str = "ID_CARD"
    mobile: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What the person agreed to: our reference of the stored consent, when, and which text."""

    reference: str
    authorised_at: datetime
    text_version: str


@dataclass(frozen=True, slots=True)
class CreditEnquiry:
    """One request. `key` is ours, stable over repeats; `enquirer` is who answers for it."""

    key: str
    subject: Subject
    purpose: EnquiryPurpose
    authorisation: Authorisation
    enquirer: str


class AccountStatus(StrEnum):
    """How an account stands."""

    NORMAL = "NORMAL"
    OVERDUE = "OVERDUE"
    SETTLED = "SETTLED"
    WRITTEN_OFF = "WRITTEN_OFF"


@dataclass(frozen=True, slots=True)
class CreditAccount:
    """A loan or card. `history` has one letter a month, oldest first: N paid, 1..7 overdue, C closed."""

    number: str
    kind: str
    lender: str
    opened_date: date
    limit_fen: int
    balance_fen: int
    monthly_payment_fen: int
    status: AccountStatus
    history: str = ""


@dataclass(frozen=True, slots=True)
class OverdueRecord:
    """A month in which an account was overdue: by how many months, and how much."""

    account_number: str
    month: str
    months_overdue: int
    overdue_fen: int


@dataclass(frozen=True, slots=True)
class PastEnquiry:
    """Somebody asked about this person before."""

    enquired_date: date
    by: str
    purpose: str


@dataclass(frozen=True, slots=True)
class CreditReport:
    """The answer. `score` is None where the file is too thin; `raw` is what came over the wire, unchanged."""

    report_number: str
    produced_at: datetime
    is_subject_known: bool
    score: int | None
    accounts: tuple[CreditAccount, ...]
    overdue: tuple[OverdueRecord, ...]
    enquiries: tuple[PastEnquiry, ...]
    raw: bytes = field(default=b"", repr=False)

    @property
    def worst_months_overdue(self) -> int:
        """The longest arrears in the reported history, in months; 0 when there were none."""
        return max((record.months_overdue for record in self.overdue), default=0)

    @property
    def monthly_payments_fen(self) -> int:
        """What the person already pays each month on accounts that are not closed."""
        live = (AccountStatus.NORMAL, AccountStatus.OVERDUE)
        return sum(account.monthly_payment_fen for account in self.accounts if account.status in live)


class CreditBureau(Protocol):
    """Raises UnableToReachCreditBureau, CreditBureauOutcomeUnknown or CreditBureauDeclined only."""

    def enquire(self, enquiry: CreditEnquiry) -> CreditReport:
        """The report; the same one again for a key that was answered before."""
        ...

    def ask(self, key: str) -> CreditReport | None:
        """The report given for `key`, or None when the bureau never carried out such an enquiry."""
        ...
