"""The SMS provider's word, pushed later, on whether a message arrived."""

from datetime import datetime

from cheqi.foundation.exchanges.choices import PushOutcome
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.messages.choices import MessageState
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations.planning import TASK
from cheqi.ports.sms import SmsReceipt, SmsState


def take_report(key: str, answer: object, *, now: datetime) -> PushOutcome:
    """Marks a sent message as delivered, or as not delivered. Called in the transaction of the push.

    A report that overtakes our own record of the sending only wakes the worker, who asks.
    """
    number = key.split("-", maxsplit=1)[0].removeprefix("m")
    if not isinstance(answer, SmsReceipt) or not (number.isascii() and number.isdigit()):
        return PushOutcome.UNMATCHED
    row = Message.objects.select_for_update().filter(pk=int(number)).first()
    if row is None or row.row_seal.hex[:8] != key.rpartition("-")[2]:
        return PushOutcome.UNMATCHED
    if row.state == MessageState.SENDING:
        wake(TASK, str(row.pk), now=now, run_at=row.in_flight_until or now)
        return PushOutcome.STALE
    if row.state != MessageState.SENT or answer.state is SmsState.ACCEPTED:
        return PushOutcome.STALE
    if answer.state is SmsState.DELIVERED:
        row.state, row.delivered_at = MessageState.DELIVERED, now
    else:
        row.state, row.code, row.reason = MessageState.FAILED, "UNDELIVERED", answer.reason[:300]
    row.save(update_fields=["state", "delivered_at", "code", "reason"])
    return PushOutcome.APPLIED
