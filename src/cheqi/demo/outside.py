"""Simulated outside systems inside this process, for loading the demo: they answer at once and always well.

The simulators with a real protocol (`cheqi simulate`) stand beside the running product; these only stand in
while the demo's own cases are walked through the real operations, when nothing else may be running yet.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cheqi.core.documents.boxes import Box, Page
from cheqi.demo.drawing import Drawn
from cheqi.foundation.access.hooks import CodeMessage
from cheqi.ports.credit_bureau import AccountStatus, CreditAccount, CreditEnquiry, CreditReport
from cheqi.ports.mail import MailMessage, MailReceipt
from cheqi.ports.payments import (
    Mandate,
    MandateRequest,
    MandateState,
    PayeeAnswer,
    PayeeCheck,
    PayeeVerdict,
    PaymentState,
    PaymentStatus,
    PayOut,
)
from cheqi.ports.sms import SmsMessage, SmsReceipt, SmsState
from cheqi.ports.vehicle_registry import FilingState, FilingStatus, LienFiling

SURE, DOUBTFUL = 0.995, 0.55


@dataclass
class PromptBureau:
    """Knows everybody as a good payer with one card."""

    now: datetime

    def enquire(self, enquiry: CreditEnquiry) -> CreditReport:
        """A report without arrears."""
        opened = self.now.date() - timedelta(days=900)
        card = CreditAccount(
            "A1", "信用卡", "东湖银行", opened, 3_000_000, 400_000, 60_000, AccountStatus.NORMAL, "N" * 24
        )
        number = f"CR{enquiry.key[-24:]}"
        return CreditReport(number, self.now, True, 712, (card,), (), (), b"{}")

    def ask(self, key: str) -> CreditReport | None:
        """Nothing is ever left open here."""
        return None


@dataclass
class PromptBank:
    """Confirms every payee and mandate, and pays at once."""

    now: datetime

    def verify_payee(self, check: PayeeCheck) -> PayeeAnswer:
        """Account and name belong together."""
        return PayeeAnswer(check.key, PayeeVerdict.MATCH, f"V-{check.key[-20:]}")

    def create_mandate(self, request: MandateRequest) -> Mandate:
        """Active at once."""
        return Mandate(request.key, MandateState.ACTIVE, f"M-{request.key[-20:]}")

    def pay_out(self, instruction: PayOut) -> PaymentStatus:
        """Settled at once."""
        reference = f"P-{instruction.key[-20:]}"
        return PaymentStatus(
            instruction.key, PaymentState.SETTLED, reference, instruction.amount_fen, self.now
        )

    def ask(self, key: str) -> PaymentStatus | None:
        """Nothing is ever left open here."""
        return None

    def ask_mandate(self, key: str) -> Mandate | None:
        """Nothing is ever left open here."""
        return None


@dataclass
class PromptRegistry:
    """Takes every filing in; endorses it at once where `endorses` says so."""

    now: datetime
    endorses: bool = True

    def register_lien(self, filing: LienFiling) -> FilingStatus:
        """Endorsed, or under review."""
        state = FilingState.ENDORSED if self.endorses else FilingState.UNDER_REVIEW
        return FilingStatus(filing.key, f"R-{filing.key[-20:]}", state, changed_at=self.now)

    def release_lien(self, filing: LienFiling) -> FilingStatus:
        """The same for a release."""
        return self.register_lien(filing)

    def ask(self, key: str) -> FilingStatus | None:
        """It was never seen by a real registry."""
        return None


@dataclass
class Postbox:
    """Takes messages and mails, and keeps the one-time codes for whoever acts as the customer."""

    codes: list[str] = field(default_factory=list)

    def hand_over(self, message: CodeMessage, now: datetime) -> None:
        """Keeps a code."""
        self.codes.append(message.code)

    def take(self, message: SmsMessage) -> SmsReceipt:
        """Takes a short message."""
        return SmsReceipt(message.key, f"demo-{message.key[-20:]}", SmsState.ACCEPTED)

    def post(self, message: MailMessage) -> MailReceipt:
        """Takes a mail."""
        return MailReceipt(message.key, f"<{message.key}@demo.invalid>")


@dataclass(frozen=True, slots=True)
class CodesTo:
    """The code sender that hands over to a post box."""

    box: Postbox

    def send(self, message: CodeMessage, now: datetime) -> None:
        """Keeps a code."""
        self.box.hand_over(message, now)


@dataclass(frozen=True, slots=True)
class SmsTo:
    """The short message gateway that ends in a post box."""

    box: Postbox

    def send(self, message: SmsMessage) -> SmsReceipt:
        """Takes it."""
        return self.box.take(message)

    def ask(self, key: str) -> SmsReceipt | None:
        """It was taken."""
        return SmsReceipt(key, f"demo-{key[-20:]}", SmsState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class MailTo:
    """The mail gateway that ends in a post box."""

    box: Postbox

    def send(self, message: MailMessage) -> MailReceipt:
        """Takes it."""
        return self.box.post(message)


@dataclass
class DrawnText:
    """A recogniser that knows what was drawn: the texts of the drawing with their places.

    `doubtful` texts are seen unclearly, so that a clerk has something to do.
    """

    version = "demo-drawn-text"
    drawn: Drawn | None = None
    doubtful: frozenset[str] = frozenset()

    def read(self, image: bytes) -> tuple[Page, ...]:
        """The page of the drawing at hand."""
        assert self.drawn is not None, "say what was drawn before it is read"
        boxes = tuple(
            Box(
                text,
                DOUBTFUL if text in self.doubtful else SURE,
                ((left, top), (right, top), (right, bottom), (left, bottom)),
            )
            for text, (left, top, right, bottom) in self.drawn.written
            if text.strip()
        )
        return (Page(*self.drawn.image.size, boxes),)


def a_year_from(day: date) -> date:
    """The same day a year later, as policies run."""
    return day + timedelta(days=365)
