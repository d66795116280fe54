"""Hands short messages to the provider over signed HTTP."""

from cheqi.adapters.sms.mapping import body_of, receipt_from
from cheqi.adapters.wire.http_client import Account, Answered, Failures, SignedClient
from cheqi.adapters.wire.pushed import SignedPushReader
from cheqi.ports.sms import SmsDeclined, SmsMessage, SmsOutcomeUnknown, SmsReceipt, UnableToReachSms

MESSAGES = "/sms/messages"
FAILURES = Failures(UnableToReachSms, SmsOutcomeUnknown, SmsDeclined)


class HttpSmsGateway:
    """`ports.sms.SmsGateway` over HTTP."""

    def __init__(self, account: Account) -> None:
        self._client = SignedClient(account, FAILURES)

    def send(self, message: SmsMessage) -> SmsReceipt:
        """Hands one message over under its key. Raises the port's three failures."""
        return self._receipt(self._client.post(MESSAGES, key=message.key, body=body_of(message)))

    def ask(self, key: str) -> SmsReceipt | None:
        """How far the message is, or None. Raises UnableToReachSms."""
        answered = self._client.ask(MESSAGES, key=key)
        return None if answered is None else self._receipt(answered)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _receipt(self, answered: Answered) -> SmsReceipt:
        try:
            return receipt_from(answered.data)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            self._client.unreadable(answered, error)


def push_reader(secret: bytes, *, path: str) -> SignedPushReader:
    """Reads delivery reports, sent to our address `path`."""
    return SignedPushReader(secret, receipt_from, path=path)
