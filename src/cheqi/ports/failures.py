"""How a call to an outside system can fail, in the three ways that decide what to do next.

- `UnableToReach`: nothing was carried out (no connection, refused at the door, told to come back). The
  same request may be sent again as it is.
- `OutcomeUnknown`: the request left and no answer came. It may have been carried out: ask for the
  outcome with the same key before anything else.
- `DeclinedOutside`: the system understood and said no. Sending it again unchanged is pointless; `code`
  is theirs, `reason` is for a person.

Each port subclasses these beside its protocol, so that an operation can name whom it means. An adapter
never retries: it reports once, truthfully, and `foundation.exchanges` decides.
"""


class OutsideFailure(Exception):
    """A call to an outside system did not end in an answer. `trace` holds nothing secret or personal."""

    def __init__(self, reason: str, *, code: str = "", trace: str = "") -> None:
        super().__init__(reason if not code else f"{code}: {reason}")
        self.reason = reason
        self.code = code
        self.trace = trace


class UnableToReach(OutsideFailure):
    """Nothing was sent, or it was turned away before being looked at. `retry_after_s` is their wish."""

    def __init__(self, reason: str, *, code: str = "", trace: str = "", retry_after_s: int = 0) -> None:
        super().__init__(reason, code=code, trace=trace)
        self.retry_after_s = retry_after_s


class OutcomeUnknown(OutsideFailure):
    """The request was sent and no trustworthy answer came back."""


class DeclinedOutside(OutsideFailure):
    """The system answered that it will not do this, and why."""
