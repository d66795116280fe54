"""Who wants to hear of which events. Declared in each app's `subscribers.py`.

>>> @subscribe("messages.progress", StepFinished)                          # doctest: +SKIP
... def tell_customer(logged: Logged, *, now: datetime) -> None:
...     operations.send("step_finished", case_id=logged.case_id, key=f"progress:{logged.id}", now=now)

A subscriber hears of an event after its commit, at least once and in the log's order, in a transaction
that also moves its own cursor: what it writes to the database is written once. An event that it fails on
is tried again as a wake-up (`eventlog.deliver`) and ends among the dead letters, while the subscriber goes
on with the next event and the others do not notice. A new subscriber begins at the first event of the log;
events marked as backfilled history reach it only if it asks for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cheqi.core.events.base import Event
from cheqi.foundation.eventlog.logged import Logged


class Handler(Protocol):
    """What is called with each event; idempotent by `logged.id` in what it does outside of the database."""

    def __call__(self, logged: Logged, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One registered subscriber."""

    name: str
    types: frozenset[str]
    handler: Handler
    backfilled: bool


SUBSCRIBERS: dict[str, Subscriber] = {}


def subscribe(name: str, *event_types: type[Event], backfilled: bool = False) -> Callable[[Handler], Handler]:
    """Registers a function for the events of these types. `name` is durable: its cursor is kept under it.

    Raises ValueError for a name that is taken or without types.
    """
    if name in SUBSCRIBERS:
        raise ValueError(f"there is a subscriber {name} already")
    if not event_types:
        raise ValueError(f"the subscriber {name} names no event type")

    def register(handler: Handler) -> Handler:
        types = frozenset(each.TYPE for each in event_types)
        SUBSCRIBERS[name] = Subscriber(name, types, handler, backfilled)
        return handler

    return register
