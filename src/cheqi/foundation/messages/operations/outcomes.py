"""What becomes of a message: its texts, its end, and that a secret does not outlive its sending.

None of these saves the row; the caller does, in the same transaction.
"""

from datetime import datetime

from cheqi.core.base.actors import SYSTEM
from cheqi.core.contact.contact import Channel, Purpose
from cheqi.core.events.messages import MessageBlocked, MessageFailed, MessageSent
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.exchanges.choices import AttemptKind, AttemptOutcome
from cheqi.foundation.messages.choices import MessageState
from cheqi.foundation.messages.models import Message, MessageAttempt
from cheqi.foundation.messages.templating import (
    Template,
    catalogue,
    from_json,
    render,
    to_json,
    without_secrets,
)

LABELS = {Channel.SMS: "短信", Channel.MAIL: "邮件", Channel.IN_APP: "站内消息"}


def write_texts(message: Message, template: Template) -> None:
    """Renders what the present channel says."""
    rendered = render(template, from_json(message.data), message.language)
    message.subject = rendered.subject
    message.text = rendered.short if message.channel == Channel.SMS else rendered.text


def forget_secrets(message: Message, template: Template) -> None:
    """Hides secret values in data and texts. After this the message cannot be sent again."""
    if template.secret:
        message.data = to_json(without_secrets(template, from_json(message.data)))
        write_texts(message, template)


def deliver_in_app(message: Message, *, now: datetime) -> None:
    """Puts it into the inbox: no provider, so it is there when the transaction commits."""
    message.attempts += 1
    message.state, message.next_try_at = MessageState.DELIVERED, None
    message.started_at = message.sent_at = message.delivered_at = now
    MessageAttempt.objects.create(
        message=message,
        number=message.attempts,
        channel=Channel.IN_APP,
        kind=AttemptKind.SEND,
        outcome=AttemptOutcome.ANSWERED,
        started_at=now,
    )
    log_sent(message, now=now)


def finish_sent(message: Message, template: Template, *, provider_id: str, now: datetime) -> None:
    """The provider has it."""
    message.state, message.next_try_at, message.sent_at = MessageState.SENT, None, now
    message.provider_id, message.failures, message.code, message.reason = provider_id, 0, "", ""
    forget_secrets(message, template)
    log_sent(message, now=now)


def fail(message: Message, template: Template, *, code: str, reason: str, now: datetime) -> None:
    """No channel could carry it: final."""
    message.state, message.next_try_at = MessageState.FAILED, None
    message.code, message.reason = code, reason
    forget_secrets(message, template)
    event = MessageFailed(
        template=message.template, title=template.title.zh, channel=message.channel, code=code
    )
    record(event, actor=SYSTEM, now=now, case_id=message.case_id)


def give_up(message: Message, template: Template, *, code: str, reason: str, now: datetime) -> None:
    """Tried too often or for too long: a person has to look, unless a secret made it worthless."""
    message.next_try_at = None
    message.state = MessageState.FAILED if template.secret else MessageState.DEAD
    message.code, message.reason = code, reason
    forget_secrets(message, template)
    event = MessageFailed(
        template=message.template, title=template.title.zh, channel=message.channel, code=code
    )
    record(event, actor=SYSTEM, now=now, case_id=message.case_id)


def block(message: Message, template: Template, *, now: datetime) -> None:
    """The gate lets no channel carry it: final; the decisions beside it name the rules."""
    message.state, message.next_try_at = MessageState.BLOCKED, None
    message.code, message.reason = "GATE", "联系规则不允许"
    forget_secrets(message, template)
    record(
        MessageBlocked(template=message.template, title=template.title.zh, purpose=message.purpose),
        actor=SYSTEM,
        now=now,
        case_id=message.case_id,
    )


def log_sent(message: Message, *, now: datetime) -> None:
    """One entry for the case; codes are not worth one each."""
    if message.purpose != Purpose.SECURITY:
        how = LABELS.get(Channel(message.channel), message.channel)
        title = catalogue()[message.template].title.zh
        event = MessageSent(message_id=message.pk, template=message.template, title=title, channel=how)
        record(event, actor=SYSTEM, now=now, case_id=message.case_id)
