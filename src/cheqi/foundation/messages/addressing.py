"""From a message row to the person it is for, and the channels that are left to try."""

from cheqi.core.contact.contact import Channel, Purpose
from cheqi.foundation.messages import people
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.preferences import with_choices
from cheqi.foundation.messages.templating import Template


def recipient_of(message: Message) -> Recipient | None:
    """The person as they can be reached now: a number that changed since planning is the new one.

    An address given with the message counts before the party's own. What the person turned off is read
    here, so it holds for planning and for the transaction that starts an attempt.
    """
    recipient = _reached(message)
    if recipient is None:
        return None
    return with_choices(recipient, message.party_id, Purpose(message.purpose))


def _reached(message: Message) -> Recipient | None:
    if message.member_id is not None:
        return Recipient()
    known = people.of_party(message.party_id) if message.party_id is not None else None
    if not message.address:
        return known
    is_mail = "@" in message.address
    return Recipient(
        name=known.name if known else "",
        mobile="" if is_mail else message.address,
        email=message.address if is_mail else "",
        language=message.language,
        preferences=known.preferences if known else Recipient().preferences,
        has_inbox=False,
    )


def channels_for(template: Template, recipient: Recipient) -> tuple[Channel, ...]:
    """The template's channels that reach the person, the person's own order first."""
    preferred = [channel for channel in recipient.channels if channel in template.channels]
    rest = [channel for channel in template.channels if channel not in preferred]
    return tuple(channel for channel in (*preferred, *rest) if recipient.address(channel))


def channels_left(template: Template, recipient: Recipient, message: Message) -> tuple[Channel, ...]:
    """Those that have not failed yet."""
    tried = {*message.tried.split(","), message.channel}
    return tuple(channel for channel in channels_for(template, recipient) if channel.value not in tried)
