"""The link in a mail that turns its kind of mail off, without a log-in (RFC 8058).

The token says who and which purpose, and is signed; it does not expire, since a mail is read when it is
read. It can do nothing but turn that purpose off for mail.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from cheqi.core.contact.choices import OPTIONAL
from cheqi.core.contact.contact import Channel, Purpose

PATH = "unsubscribe/"
SALT = "cheqi.messages.unsubscribe"
FOOTER = {
    "zh": "\n\n——\n不想再收到这类邮件：{link}\n验证码和业务必需的通知仍会发送。",
    "en": "\n\n--\nTurn mail of this kind off: {link}\nCodes and necessary messages still reach you.",
}


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Who no longer wants which mail."""

    party_id: int
    purpose: Purpose


def link(party_id: int | None, purpose: Purpose) -> str:
    """The address that turns it off; empty for mail that nobody can turn off."""
    if party_id is None or (purpose, Channel.MAIL) not in OPTIONAL:
        return ""
    token = signing.dumps([party_id, purpose.value], salt=SALT)
    return f"{settings.PUBLIC_URL}/{PATH}{token}/"


def read(token: str) -> Unsubscribing | None:
    """What a token says, or None for one that we did not write."""
    try:
        party_id, purpose = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Unsubscribing(int(party_id), Purpose(purpose))
