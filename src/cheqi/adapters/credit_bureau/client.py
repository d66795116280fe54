"""Asks the bureau over signed HTTP. One call a method; repeats are the business of exchanges."""

from cheqi.adapters.credit_bureau.mapping import body_of, report_from
from cheqi.adapters.wire.http_client import Account, Answered, Failures, SignedClient
from cheqi.ports.credit_bureau import (
    CreditBureauDeclined,
    CreditBureauOutcomeUnknown,
    CreditEnquiry,
    CreditReport,
    UnableToReachCreditBureau,
)

ENQUIRIES = "/v2/enquiries"
FAILURES = Failures(UnableToReachCreditBureau, CreditBureauOutcomeUnknown, CreditBureauDeclined)


class HttpCreditBureau:
    """`ports.credit_bureau.CreditBureau` over HTTP."""

    def __init__(self, account: Account) -> None:
        self._client = SignedClient(account, FAILURES)

    def enquire(self, enquiry: CreditEnquiry) -> CreditReport:
        """One enquiry under its key. Raises the port's three failures."""
        return self._report(self._client.post(ENQUIRIES, key=enquiry.key, body=body_of(enquiry)))

    def ask(self, key: str) -> CreditReport | None:
        """The report given for this key, or None. Raises UnableToReachCreditBureau."""
        answered = self._client.ask(ENQUIRIES, key=key)
        return None if answered is None else self._report(answered)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _report(self, answered: Answered) -> CreditReport:
        try:
            return report_from(answered.data, raw=answered.raw)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            self._client.unreadable(answered, error)
