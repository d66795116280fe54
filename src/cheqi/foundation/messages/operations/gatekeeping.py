"""Asks the contact gate about a message and keeps what it said. No channel is used without it."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from cheqi.core.contact.contact import Channel, Contact, ContactResult, PastContact, Purpose
from cheqi.core.contact.gate import Allow, Block, Defer, decide
from cheqi.foundation.messages import rules
from cheqi.foundation.messages.choices import REACHED, Stage, Verdict
from cheqi.foundation.messages.models import ContactBook, GateDecision, Message
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.privacy import blind

LOOK_BACK = timedelta(days=2)
_VERDICTS: dict[type, Verdict] = {Allow: Verdict.ALLOW, Defer: Verdict.DEFER, Block: Verdict.BLOCK}


def ask_gate(
    message: Message, recipient: Recipient, channel: Channel, *, stage: Stage, now: datetime
) -> Allow | Defer | Block:
    """The gate's answer for this message on this channel, kept as a row.

    At the start of an attempt the person's contact book is held first, so two workers cannot both take
    the last slot of a day. Called in a transaction.
    """
    if message.party_id is not None and stage == Stage.STARTED:
        ContactBook.objects.get_or_create(pk=message.party_id)
        ContactBook.objects.select_for_update().get(pk=message.party_id)
    contact = Contact(Purpose(message.purpose), channel, _point(recipient, channel))
    history = _history(message, now)
    pack = rules.in_force(now)
    answer = decide(contact, history, recipient.preferences, pack, now)
    objections = () if isinstance(answer, Allow) else answer.findings
    inputs = json.dumps(
        [asdict(contact), [asdict(past) for past in history], repr(recipient.preferences), now.isoformat()],
        default=str,
        sort_keys=True,
    )
    GateDecision.objects.create(
        message=message,
        stage=stage,
        channel=channel.value,
        verdict=_VERDICTS[type(answer)],
        until=answer.until if isinstance(answer, Defer) else None,
        rules=list(answer.rules),
        objections=[{"rule": each.rule, "clause": each.clause} for each in objections],
        pack=pack.name,
        inputs_hash=hashlib.sha256(inputs.encode()).hexdigest(),
        decided_at=now,
    )
    return answer


def _point(recipient: Recipient, channel: Channel) -> str:
    """A number as a blind index: counted, never shown."""
    return blind.index("mobile", recipient.mobile) if channel in (Channel.SMS, Channel.CALL) else ""


def _history(message: Message, now: datetime) -> list[PastContact]:
    """What was started with the same person lately, other than this message."""
    if message.party_id is None:
        return []
    rows = Message.objects.filter(party_id=message.party_id, started_at__gte=now - LOOK_BACK)
    values = rows.exclude(pk=message.pk).order_by("started_at", "id")
    return [
        PastContact(
            at=started_at,
            purpose=Purpose(purpose),
            channel=Channel(channel),
            result=ContactResult.SENT if state in REACHED else ContactResult.STARTED,
        )
        for started_at, purpose, channel, state in values.values_list(
            "started_at", "purpose", "channel", "state"
        )
        if started_at is not None
    ]
