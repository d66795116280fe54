"""Instructs the bank over signed HTTP. Never repeats an instruction by itself."""

from collections.abc import Callable
from typing import Any, TypeVar

from cheqi.adapters.payments import mapping
from cheqi.adapters.wire.http_client import Account, Answered, Failures, SignedClient
from cheqi.adapters.wire.pushed import SignedPushReader
from cheqi.ports.payments import (
    Mandate,
    MandateRequest,
    PayeeAnswer,
    PayeeCheck,
    PaymentDeclined,
    PaymentOutcomeUnknown,
    PaymentStatus,
    PayOut,
    UnableToReachBank,
)

PAYEES, MANDATES, PAYMENTS = "/gateway/payee-checks", "/gateway/mandates", "/gateway/payments"
FAILURES = Failures(UnableToReachBank, PaymentOutcomeUnknown, PaymentDeclined)
T = TypeVar("T")


class HttpBank:
    """`ports.payments.PaymentGateway` over HTTP."""

    def __init__(self, account: Account) -> None:
        self._client = SignedClient(account, FAILURES)

    def verify_payee(self, check: PayeeCheck) -> PayeeAnswer:
        """Whether account and name belong together. Raises the port's three failures."""
        answered = self._client.post(PAYEES, key=check.key, body=mapping.check_body(check))
        return self._as(mapping.payee_from, answered)

    def create_mandate(self, request: MandateRequest) -> Mandate:
        """Agrees a direct debit under its key. Raises the port's three failures."""
        answered = self._client.post(MANDATES, key=request.key, body=mapping.mandate_body(request))
        return self._as(mapping.mandate_from, answered)

    def pay_out(self, instruction: PayOut) -> PaymentStatus:
        """Pays under its key, once. Raises the port's three failures."""
        body = mapping.pay_out_body(instruction)
        return self._as(mapping.payment_from, self._client.post(PAYMENTS, key=instruction.key, body=body))

    def ask(self, key: str) -> PaymentStatus | None:
        """What became of a pay-out, or None. Raises UnableToReachBank."""
        answered = self._client.ask(PAYMENTS, key=key)
        return None if answered is None else self._as(mapping.payment_from, answered)

    def ask_mandate(self, key: str) -> Mandate | None:
        """What became of a mandate, or None. Raises UnableToReachBank."""
        answered = self._client.ask(MANDATES, key=key)
        return None if answered is None else self._as(mapping.mandate_from, answered)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _as(self, translate: Callable[[dict[str, Any]], T], answered: Answered) -> T:
        try:
            return translate(answered.data)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            self._client.unreadable(answered, error)


def push_reader(secret: bytes, *, path: str) -> SignedPushReader:
    """Reads the bank's pushes about pay-outs, sent to our address `path`."""
    return SignedPushReader(secret, mapping.payment_from, path=path)
