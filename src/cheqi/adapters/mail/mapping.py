"""Our mail as an RFC 5322 message.

`Message-ID` comes from the key alone: a repeat is the same message. Chinese subject and text are encoded
as RFC 2047 and UTF-8 base64, which every reader since 1996 understands.

Example: `message_from(MailMessage("k", "li@example.invalid", "进度提醒", "…"), sender=…, date=…)["Subject"]`.
"""

import hashlib
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy

from cheqi.ports.mail import MailMessage


class OneLine(UnstructuredHeader, BaseHeader):
    """A header that is an address: folded at 78 letters it would become encoded words, which mail programs
    do not read as an address. A line may have 998."""

    def fold(self, *, policy: Policy) -> str:
        """The header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", OneLine)
LANGUAGES = {"zh": "zh-CN", "en": "en"}


def message_id(key: str, *, sender: str) -> str:
    """The identity of the mail of this key, for this sending domain."""
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def message_from(mail: MailMessage, *, sender: str, sender_name: str, date: datetime) -> EmailMessage:
    """The message to hand over. Raises ValueError for an address or subject that cannot be one."""
    if not mail.to.isascii():
        raise ValueError("an address has ASCII letters only")
    message = EmailMessage(policy=SMTP.clone(header_factory=HEADERS))
    message["Message-ID"] = message_id(mail.key, sender=sender)
    message["Date"] = date
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(mail.to_name, addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, charset="utf-8", cte="base64")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="base64")
    message["Content-Language"] = LANGUAGES.get(mail.language, "zh-CN")  # set_content drops it
    return message
