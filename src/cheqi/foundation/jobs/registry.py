"""Which function answers a task name, and how patient we are with it.

>>> @task("example.greet", max_attempts=3)                                 # doctest: +SKIP
... def greet(wake: Wake, *, now: datetime) -> datetime | None:
...     operations.greet(party_id=int(wake.key), now=now)
...     return None                            # done; a moment means: wake me again then, nothing failed

A task looks its domain row up by `wake.key`, does what is left to do, and may run twice with the same key.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

HEAVY = "heavy"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Wake:
    """What a task is told: the key of its domain row, small extra data, and which attempt this is."""

    task: str
    key: str
    data: dict[str, Any] = field(default_factory=dict)
    attempt: int = 1


class TaskFunction(Protocol):
    """Does what is left to do; returns None when done, or when to be woken again."""

    def __call__(self, wake: Wake, *, now: datetime) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after a failed attempt: doubling from `first`, at most `longest`, spread by jitter."""

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=15)

    def delay(self, attempt: int, jitter: float) -> timedelta:
        """The wait after the `attempt`-th failure; `jitter` in [0, 1) takes up to half of it away.

        >>> Backoff(timedelta(seconds=2)).delay(3, 0.0)
        datetime.timedelta(seconds=8)
        """
        doubled: int = 2 ** min(attempt - 1, 30)
        full = min(self.first * doubled, self.longest)
        return full - full / 2 * jitter


@dataclass(frozen=True, slots=True)
class Task:
    """A registered task."""

    name: str
    function: TaskFunction
    module: str
    max_attempts: int
    backoff: Backoff
    lease: timedelta
    queue: str


TASKS: dict[str, Task] = {}


def task(
    name: str,
    *,
    max_attempts: int = 8,
    backoff: Backoff | None = None,
    lease: timedelta = timedelta(seconds=60),
    queue: str = DEFAULT,
) -> Callable[[TaskFunction], TaskFunction]:
    """Registers the function that answers `name`.

    A lease is how long a worker may be silent before another one takes over. The `heavy` queue runs in
    child processes of the worker. Raises ValueError for a name that is taken.
    """

    def register(function: TaskFunction) -> TaskFunction:
        if name in TASKS:
            raise ValueError(f"the task {name} is already answered by {TASKS[name].module}")
        module = getattr(function, "__module__", "")
        TASKS[name] = Task(name, function, module, max_attempts, backoff or Backoff(), lease, queue)
        return function

    return register


class SweepFunction(Protocol):
    """Looks for rows that lost their wake-up and wakes them; returns how many it found."""

    def __call__(self, *, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something the worker does again and again."""

    name: str
    function: SweepFunction
    every: timedelta


SWEEPS: dict[str, Periodic] = {}
PULSES: dict[str, Periodic] = {}


def sweep(name: str, *, every: timedelta) -> Callable[[SweepFunction], SweepFunction]:
    """Registers a function that one of all workers runs every so often, remembered in the database."""
    return _periodic(SWEEPS, name, every)


def pulse(name: str, *, every: timedelta) -> Callable[[SweepFunction], SweepFunction]:
    """Registers a function that every worker runs every so often; it copes with company by itself."""
    return _periodic(PULSES, name, every)


def _periodic(
    where: dict[str, Periodic], name: str, every: timedelta
) -> Callable[[SweepFunction], SweepFunction]:
    def register(function: SweepFunction) -> SweepFunction:
        if name in where:
            raise ValueError(f"{name} is already registered")
        where[name] = Periodic(name, function, every)
        return function

    return register
