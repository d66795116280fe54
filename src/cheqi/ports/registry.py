"""Which adapter answers a port. Bound once, in config; asked for everywhere else.

Example: `bind(CreditBureau, HttpCreditBureau.from_settings)` in config, then
`get(CreditBureau).enquire(...)` in an operation. A test binds a fake with `bound(...)`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

T = TypeVar("T")

_factories: dict[type, Callable[[], Any]] = {}
_instances: dict[type, Any] = {}


class PortIsNotBound(LookupError):
    """Nobody said which adapter answers this port."""


def bind(port: type[T], factory: Callable[[], T]) -> None:
    """From now on `factory`, called once at first use, answers `port`."""
    _factories[port] = factory
    _instances.pop(port, None)


def get(port: type[T]) -> T:
    """The adapter behind `port`; the same object at every call. Raises PortIsNotBound."""
    if port not in _instances:
        if port not in _factories:
            raise PortIsNotBound(f"no adapter is bound to {port.__name__}: see cheqi.config.wiring")
        _instances[port] = _factories[port]()
    return cast("T", _instances[port])


@contextmanager
def bound(port: type[T], adapter: T) -> Iterator[T]:
    """`adapter` answers `port` inside the block; what answered before does so again after it."""
    before, had = _instances.get(port), port in _instances
    _instances[port] = adapter
    try:
        yield adapter
    finally:
        if had:
            _instances[port] = before
        else:
            _instances.pop(port, None)


@contextmanager
def renewed(port: type[T]) -> Iterator[T]:
    """A new adapter from the bound factory answers `port` inside the block, as when settings changed."""
    if port not in _factories:
        raise PortIsNotBound(f"no adapter is bound to {port.__name__}: see cheqi.config.wiring")
    with bound(port, cast("T", _factories[port]())) as adapter:
        yield adapter
