"""Which operations we can ask of outside systems, and which part of the house takes their answers.

An area registers its handler in its `answers.py`; it runs in the transaction that makes the exchange DONE
or FAILED, exactly once, so what it writes and what the exchange says can never disagree:

>>> @on_answer("payments.pay_out")                                         # doctest: +SKIP
... def disbursed(answer: Answer, *, now: datetime) -> None:
...     if answer.declined: ...                # the bank said no: answer.declined.reason
...     else: ...                              # answer.result is a PaymentStatus that is final
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from cheqi.foundation.exchanges.choices import PushOutcome
from cheqi.foundation.jobs.registry import Backoff


def _always(answer: Any) -> bool:
    return True


def _unordered(answer: Any) -> Any:
    return 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that an outside system does for us.

    `send` gives the instruction, `ask` says what became of a key (None: never arrived). Without `ask`,
    sending the same key again is itself the question. `is_final` tells a result from a mere acceptance;
    `progress` orders answers about one key, so that one that was overtaken is recognised.
    """

    port: str
    name: str
    request: type[Any]
    answer: type[Any]
    send: Callable[[Any], Any]
    ask: Callable[[str], Any | None] | None = None
    is_final: Callable[[Any], bool] = _always
    progress: Callable[[Any], Any] = _unordered
    backoff: Backoff = field(default_factory=lambda: Backoff(timedelta(seconds=5), timedelta(minutes=15)))
    poll: Backoff = field(default_factory=lambda: Backoff(timedelta(seconds=30), timedelta(minutes=30)))
    max_failures: int = 12

    @property
    def full_name(self) -> str:
        """Such as `payments.pay_out`."""
        return f"{self.port}.{self.name}"


@dataclass(frozen=True, slots=True)
class Declined:
    """The outside system's no, in its code and a sentence."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler is given: the request as it was asked, and either the result or the refusal.

    `is_correction` marks a result that replaces one that was already taken, such as a payment that
    comes back after it was settled. Only handlers registered for corrections see those.
    """

    exchange_id: int
    key: str
    port: str
    operation: str
    case_id: int | None
    request: Any = field(repr=False)
    result: Any = field(repr=False)
    declined: Declined | None = None
    is_correction: bool = False


class Handler(Protocol):
    """Takes an answer inside the transaction that records it."""

    def __call__(self, answer: Answer, *, now: datetime) -> None: ...


class PushTaker(Protocol):
    """Takes a push of a source that answers no exchange, inside the transaction that keeps the push."""

    def __call__(self, key: str, answer: object, *, now: datetime) -> PushOutcome: ...


PUSH_TAKERS: dict[str, PushTaker] = {}
OPERATIONS: dict[str, Operation] = {}
HANDLERS: dict[str, Handler] = {}
CORRECTIONS: dict[str, Handler] = {}


class UnknownOperation(LookupError):
    """No such operation of an outside system is registered."""


def register(operation: Operation) -> None:
    """Makes an operation known. Raises ValueError for a name that is taken."""
    if operation.full_name in OPERATIONS:
        raise ValueError(f"{operation.full_name} is registered already")
    OPERATIONS[operation.full_name] = operation


def operation_of(port: str, name: str) -> Operation:
    """The operation. Raises UnknownOperation."""
    try:
        return OPERATIONS[f"{port}.{name}"]
    except KeyError:
        raise UnknownOperation(f"{port}.{name}") from None


def on_answer(name: str) -> Callable[[Handler], Handler]:
    """Registers who takes the answers of `port.operation`. One handler each; ValueError for a second."""
    return _into(HANDLERS, name)


def on_correction(name: str) -> Callable[[Handler], Handler]:
    """Registers who is told when a final answer is corrected later."""
    return _into(CORRECTIONS, name)


def on_push(source: str) -> Callable[[PushTaker], PushTaker]:
    """Registers who takes the pushes of a source instead of an exchange. ValueError for a second."""

    def take(taker: PushTaker) -> PushTaker:
        if source in PUSH_TAKERS:
            raise ValueError(f"pushes of {source} are taken already")
        PUSH_TAKERS[source] = taker
        return taker

    return take


def _into(where: dict[str, Handler], name: str) -> Callable[[Handler], Handler]:
    def take(handler: Handler) -> Handler:
        if name in where:
            raise ValueError(f"answers of {name} are taken already")
        where[name] = handler
        return handler

    return take
