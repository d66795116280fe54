"""The wish to tell somebody something, written with its cause.

>>> send("disbursed", party_id=party.pk, data={...}, key=f"disbursed-{loan.pk}", now=now)  # doctest: +SKIP

The channel is the person's own first choice that reaches them and that the gate does not block; a message
that must wait waits as DEFERRED, one that nothing may carry is BLOCKED and says by which rules.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.contact.contact import Channel, Purpose
from cheqi.core.contact.gate import Block, Defer
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.messages.addressing import channels_for, recipient_of
from cheqi.foundation.messages.choices import MessageState, Stage
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations.gatekeeping import ask_gate
from cheqi.foundation.messages.operations.outcomes import block, deliver_in_app, fail, write_texts
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.templating import Template, Value, catalogue, render, to_json

TASK = "messages.drive"


class KeyBelongsToAnother(ValueError):
    """The key was used for another message: a mistake of the caller, never sent."""


def send(
    template: str,
    *,
    data: Mapping[str, Value],
    key: str,
    now: datetime,
    party_id: int | None = None,
    member_id: int | None = None,
    to: str = "",
    language: str = "",
    purpose: Purpose | None = None,
    case_id: int | None = None,
) -> Message:
    """Plans one message, in the caller's transaction; the one that exists for a key that was used.

    It goes to a party, to a member of staff, or to the number or address `to` (which counts before the
    party's own). `purpose` is the template's unless given. Raises KeyError for an unknown template,
    WrongVariables, KeyBelongsToAnother, ValueError without anybody to send to.
    """
    if party_id is None and member_id is None and not to:
        raise ValueError("a message is for a party, a member of staff or an address")
    chosen = catalogue()[template]
    render(chosen, data, "zh")
    with transaction.atomic():
        made, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "template": template,
                "version": chosen.version,
                "party_id": party_id,
                "member_id": member_id,
                "case_id": case_id,
                "address": to,
                "purpose": purpose or chosen.purpose,
                "channel": chosen.channels[0],
                "language": language or "zh",
                "data": to_json(data),
                "subject": "",
                "text": "",
                "in_inbox": not to and not chosen.secret,
                "state": MessageState.PLANNED,
                "next_try_at": now,
                "expires_at": _expiry(chosen, now),
                "planned_at": now,
            },
        )
        if is_new:
            _plan(made, chosen, asked_language=language, now=now)
        elif (made.template, made.party_id, made.member_id) != (template, party_id, member_id):
            raise KeyBelongsToAnother(f"{key} was already used for another message")
    return made


def _expiry(template: Template, now: datetime) -> datetime | None:
    return now + timedelta(minutes=template.valid_minutes) if template.valid_minutes else None


def _plan(message: Message, template: Template, *, asked_language: str, now: datetime) -> None:
    """Chooses the channel and asks the gate; wakes a worker unless nothing is left to do."""
    recipient = recipient_of(message)
    if recipient is not None:
        wanted = asked_language or recipient.language
        message.language = "en" if wanted.lower().startswith("en") else "zh"
    channels = channels_for(template, recipient) if recipient else ()
    if recipient is None or not channels:
        write_texts(message, template)
        fail(message, template, code="NO_CHANNEL", reason="没有可用的联系方式", now=now)
        message.save()
        return
    _choose(message, template, recipient, channels, now=now)
    message.save()
    if message.next_try_at is not None:
        wake(TASK, str(message.pk), now=now, run_at=message.next_try_at)


def _choose(
    message: Message,
    template: Template,
    recipient: Recipient,
    channels: tuple[Channel, ...],
    *,
    now: datetime,
) -> None:
    for channel in channels:
        message.channel = channel
        answer = ask_gate(message, recipient, channel, stage=Stage.PLANNED, now=now)
        if isinstance(answer, Block):
            continue
        write_texts(message, template)
        if isinstance(answer, Defer):
            message.state, message.next_try_at = MessageState.DEFERRED, answer.until
        elif channel is Channel.IN_APP:
            deliver_in_app(message, now=now)
        return
    write_texts(message, template)
    block(message, template, now=now)
