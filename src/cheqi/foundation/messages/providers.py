"""Hands a text to the SMS or mail port, once, and says how that ended. Knows no rows."""

import logging
from dataclasses import dataclass, field

from cheqi import ports
from cheqi.core.contact.contact import Channel
from cheqi.foundation.exchanges.choices import AttemptOutcome
from cheqi.foundation.messages.unsubscribing import FOOTER
from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, OutsideFailure, UnableToReach
from cheqi.ports.mail import MailGateway, MailMessage
from cheqi.ports.sms import SmsGateway, SmsMessage, SmsReceipt, SmsState

logger = logging.getLogger(__name__)

PORTS = {Channel.SMS: "sms", Channel.MAIL: "mail", Channel.IN_APP: "inbox"}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes out. Personal parts stay out of logs; `key` is the same at every attempt on a channel."""

    key: str
    channel: Channel
    address: str = field(repr=False)
    name: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str = "zh"
    unsubscribe_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """How a call of a provider ended."""

    outcome: AttemptOutcome
    provider_id: str = ""
    is_delivered: bool = False
    is_undeliverable: bool = False
    code: str = ""
    reason: str = ""
    trace: str = ""


def hand_over(outgoing: Outgoing, *, asking: bool) -> Sent:
    """Sends, or asks what became of the key (`asking`, for short messages). Never raises."""
    try:
        if outgoing.channel is Channel.MAIL:
            return _mail(outgoing)
        return _ask_sms(outgoing) if asking else _from_receipt(_send_sms(outgoing))
    except UnableToReach as failure:
        return _failed(AttemptOutcome.UNREACHABLE, failure)
    except DeclinedOutside as failure:
        return _failed(AttemptOutcome.DECLINED, failure)
    except OutcomeUnknown as failure:
        return _failed(AttemptOutcome.UNKNOWN, failure)
    except Exception as error:  # a defect of an adapter: the text may have gone out
        logger.exception("the adapter of %s failed", outgoing.channel)
        return Sent(AttemptOutcome.UNKNOWN, code="ADAPTER", reason=type(error).__name__)


def _send_sms(outgoing: Outgoing) -> SmsReceipt:
    message = SmsMessage(key=outgoing.key, mobile=outgoing.address, text=outgoing.text)
    return ports.get(SmsGateway).send(message)


def _ask_sms(outgoing: Outgoing) -> Sent:
    receipt = ports.get(SmsGateway).ask(outgoing.key)
    return Sent(AttemptOutcome.NOT_FOUND) if receipt is None else _from_receipt(receipt)


def _from_receipt(receipt: SmsReceipt) -> Sent:
    return Sent(
        AttemptOutcome.ANSWERED,
        provider_id=receipt.provider_id,
        is_delivered=receipt.state is SmsState.DELIVERED,
        is_undeliverable=receipt.state is SmsState.FAILED,
        code="UNDELIVERED" if receipt.state is SmsState.FAILED else "",
        reason=receipt.reason,
    )


def _mail(outgoing: Outgoing) -> Sent:
    mail = MailMessage(
        key=outgoing.key,
        to=outgoing.address,
        to_name=outgoing.name,
        subject=outgoing.subject,
        text=outgoing.text + _footer(outgoing),
        language=outgoing.language,
        unsubscribe_url=outgoing.unsubscribe_url,
    )
    return Sent(AttemptOutcome.ANSWERED, provider_id=ports.get(MailGateway).send(mail).message_id)


def _footer(outgoing: Outgoing) -> str:
    """How to turn mail of this kind off, under mail that can be turned off."""
    if not outgoing.unsubscribe_url:
        return ""
    return FOOTER[outgoing.language].format(link=outgoing.unsubscribe_url)


def _failed(outcome: AttemptOutcome, failure: OutsideFailure) -> Sent:
    return Sent(outcome, code=failure.code[:60], reason=failure.reason[:300], trace=failure.trace[:300])
