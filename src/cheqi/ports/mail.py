"""E-mail, handed to a mail server.

SMTP cannot be asked what became of a message. Its identity is therefore in the message: `Message-ID` is
made from our key alone, so a repeat after an unknown outcome is the same message to every server and
reader that follow RFC 5322, and is shown once.

Example: `get(MailGateway).send(MailMessage(key="msg-7-1", to="li@example.invalid", subject="…", text="…"))`.
"""

from dataclasses import dataclass, field
from typing import Protocol

from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, UnableToReach


class UnableToReachMail(UnableToReach):
    """No mail was handed over."""


class MailOutcomeUnknown(OutcomeUnknown):
    """The text was sent and the server's word is missing; sending again under the same key is harmless."""


class MailDeclined(DeclinedOutside):
    """The server refuses this mail for good, for instance because the mailbox does not exist."""


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One mail to one person. Address and text stay out of `repr`, so out of logs too. `unsubscribe_url`
    turns mail of this kind off when it is posted to (RFC 8058)."""

    key: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    to_name: str = field(default="", repr=False)
    language: str = "zh"
    unsubscribe_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """The server has taken responsibility for the message."""

    key: str
    message_id: str


class MailGateway(Protocol):
    """Raises UnableToReachMail, MailOutcomeUnknown or MailDeclined, and nothing else."""

    def send(self, message: MailMessage) -> MailReceipt:
        """Hands the mail to the server, which keeps trying from there."""
        ...
