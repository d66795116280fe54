"""Takes one message a step further: begin, call, record, as exchanges do.

*Begin* asks the gate again, in the transaction that marks the row SENDING. A row that is still SENDING when
its call's time is over is asked for with the same key; mail cannot be asked for, but its identity is
made from the key, so sending it again shows one mail.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.contact.contact import Channel, Purpose
from cheqi.core.contact.gate import Block, Defer
from cheqi.foundation.exchanges.choices import AttemptKind, AttemptOutcome
from cheqi.foundation.exchanges.operations import circuit
from cheqi.foundation.messages.addressing import channels_left, recipient_of
from cheqi.foundation.messages.choices import LIVE, MessageState, Stage
from cheqi.foundation.messages.models import Message, MessageAttempt
from cheqi.foundation.messages.operations.gatekeeping import ask_gate
from cheqi.foundation.messages.operations.outcomes import (
    block,
    deliver_in_app,
    fail,
    finish_sent,
    give_up,
    write_texts,
)
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.providers import PORTS, Outgoing, Sent, hand_over
from cheqi.foundation.messages.templating import Template, catalogue
from cheqi.foundation.messages.unsubscribing import link

logger = logging.getLogger(__name__)

CALL_PATIENCE = timedelta(seconds=60)
MAX_FAILURES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=3), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that is about to be made."""

    message_id: int
    number: int
    kind: AttemptKind
    outgoing: Outgoing


def drive(message_id: int, *, now: datetime, jitter: float = 0.0) -> datetime | None:
    """One step. Returns when to come back, or None when nothing is left to do.

    Never raises for what providers do.
    """
    begun = _begin(message_id, now=now)
    if not isinstance(begun, Begun):
        return begun
    sent = hand_over(begun.outgoing, asking=begun.kind == AttemptKind.ASK)
    return _record(begun, sent, now=now, jitter=jitter)


def _begin(message_id: int, *, now: datetime) -> Begun | datetime | None:
    with transaction.atomic():
        row = Message.objects.select_for_update().filter(pk=message_id).first()
        if row is None or row.state not in LIVE or row.next_try_at is None:
            return None
        not_before = max(row.next_try_at, row.in_flight_until or row.next_try_at)
        if not_before > now:
            return not_before
        template = catalogue()[row.template]
        begun = _start(row, template, now=now)
        row.save()
        return begun if begun is not None else row.next_try_at


def _start(row: Message, template: Template, *, now: datetime) -> Begun | None:
    """Marks the row SENDING and writes the attempt; None when this step ends without a call."""
    recipient = recipient_of(row)
    if row.expires_at is not None and row.expires_at <= now:
        fail(row, template, code="EXPIRED", reason="已过有效期", now=now)
        return None
    if recipient is None:
        fail(row, template, code="NO_RECIPIENT", reason="找不到收件人", now=now)
        return None
    under_way = row.state == MessageState.SENDING
    if not under_way and not _is_allowed(row, template, recipient, now=now):
        return None
    if wait_until := circuit.may_call(PORTS[Channel(row.channel)], now=now):
        row.next_try_at = wait_until
        return None
    MessageAttempt.objects.filter(message=row, outcome=AttemptOutcome.RUNNING).update(
        outcome=AttemptOutcome.LOST
    )
    asking = under_way and row.channel == Channel.SMS
    row.state, row.attempts, row.in_flight_until = (
        MessageState.SENDING,
        row.attempts + 1,
        now + CALL_PATIENCE,
    )
    row.started_at = row.started_at or now
    kind = AttemptKind.ASK if asking else AttemptKind.SEND
    MessageAttempt.objects.create(
        message=row, number=row.attempts, channel=row.channel, kind=kind, started_at=now
    )
    return Begun(row.pk, row.attempts, kind, _outgoing(row, recipient))


def _is_allowed(row: Message, template: Template, recipient: Recipient, *, now: datetime) -> bool:
    """Asks the gate for this channel and, where it blocks, for the next ones. False: no call now."""
    channel: Channel | None = Channel(row.channel)
    while channel is not None:
        if recipient.address(channel):
            answer = ask_gate(row, recipient, channel, stage=Stage.STARTED, now=now)
            if isinstance(answer, Defer):
                row.state, row.next_try_at = MessageState.DEFERRED, answer.until
                return False
            if not isinstance(answer, Block):
                if channel is Channel.IN_APP:
                    deliver_in_app(row, now=now)
                    return False
                return True
        channel = _next_channel(row, template, recipient)
    block(row, template, now=now)
    return False


def _next_channel(row: Message, template: Template, recipient: Recipient) -> Channel | None:
    """Moves the row to the next channel that has not failed; None when there is none."""
    left = channels_left(template, recipient, row)
    if not left:
        return None
    row.tried = ",".join(filter(None, (row.tried, row.channel)))
    row.channel, row.started_at, row.failures = left[0], None, 0
    write_texts(row, template)
    return left[0]


def _outgoing(row: Message, recipient: Recipient) -> Outgoing:
    channel = Channel(row.channel)
    return Outgoing(
        key=f"m{row.pk}-{row.channel.lower()}-{row.row_seal.hex[:8]}",
        channel=channel,
        address=recipient.address(channel),
        name=recipient.name,
        subject=row.subject,
        text=row.text,
        language=row.language,
        unsubscribe_url=link(row.party_id, Purpose(row.purpose)) if channel is Channel.MAIL else "",
    )


def _record(begun: Begun, sent: Sent, *, now: datetime, jitter: float) -> datetime | None:
    with transaction.atomic():
        row = Message.objects.select_for_update().get(pk=begun.message_id)
        MessageAttempt.objects.filter(message=row, number=begun.number).update(
            outcome=sent.outcome, code=sent.code, reason=sent.reason, trace=sent.trace
        )
        if row.attempts != begun.number or row.state != MessageState.SENDING:
            return None
        row.in_flight_until = None
        template = catalogue()[row.template]
        _note_health(PORTS[begun.outgoing.channel], sent, now=now)
        if sent.outcome == AttemptOutcome.ANSWERED and not sent.is_undeliverable:
            finish_sent(row, template, provider_id=sent.provider_id, now=now)
            if sent.is_delivered:
                row.state, row.delivered_at = MessageState.DELIVERED, now
        elif sent.outcome == AttemptOutcome.NOT_FOUND:
            row.state, row.next_try_at, row.started_at = MessageState.PLANNED, now, None
        elif sent.outcome in (AttemptOutcome.ANSWERED, AttemptOutcome.DECLINED):
            _fall_back(row, template, sent, now=now)
        else:
            _put_off(row, template, begun, sent, now=now, jitter=jitter)
        row.save()
        return row.next_try_at


def _note_health(port: str, sent: Sent, *, now: datetime) -> None:
    if sent.outcome in (AttemptOutcome.UNREACHABLE, AttemptOutcome.UNKNOWN):
        circuit.note_failure(port, now=now)
    else:
        circuit.note_success(port, now=now)


def _fall_back(row: Message, template: Template, sent: Sent, *, now: datetime) -> None:
    """This channel will never carry it: the next one, or the end."""
    recipient = recipient_of(row)
    if recipient is not None and _next_channel(row, template, recipient) is not None:
        row.state, row.next_try_at = MessageState.PLANNED, now
    else:
        fail(row, template, code=sent.code, reason=sent.reason, now=now)


def _put_off(
    row: Message, template: Template, begun: Begun, sent: Sent, *, now: datetime, jitter: float
) -> None:
    """Later. What was certainly not sent may take another channel once this one failed too often."""
    row.failures += 1
    row.code, row.reason = sent.code, sent.reason
    not_sent = sent.outcome == AttemptOutcome.UNREACHABLE and begun.kind == AttemptKind.SEND
    if not_sent:
        row.state, row.started_at = MessageState.PLANNED, None
    if row.failures >= MAX_FAILURES:
        recipient = recipient_of(row)
        if not_sent and recipient is not None and _next_channel(row, template, recipient) is not None:
            row.next_try_at = now
            return
        give_up(row, template, code=sent.code or sent.outcome, reason=sent.reason, now=now)
        return
    doubled: int = 2 ** (row.failures - 1)
    wait = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    row.next_try_at = now + wait - wait / 2 * jitter
