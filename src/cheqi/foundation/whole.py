"""A use case over several operations: all of them, or none.

Operations refuse by value, which does not undo what the ones before them wrote. `whole` opens the
transaction around them and `must` ends it at the first refusal, which then is the answer:

>>> @whole                                                                 # doctest: +SKIP
... def submit(...) -> CaseMoved | Refused:
...     car = must(vehicles.record_vehicle(...))
...     application = must(applications.create(vehicle_id=car.pk, ...))
...     return must(workflow.finish_step(...))
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from cheqi.core.base.findings import Refused

P = ParamSpec("P")
T = TypeVar("T")


class Stopped(Exception):
    """One operation of several refused: what was written before it is undone."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.findings[0].rule)
        self.refused = refused


def must(result: T | Refused) -> T:
    """The result, or the end of the whole. Only inside of a function marked `whole`."""
    if isinstance(result, Refused):
        raise Stopped(result)
    return result


def whole(function: Callable[P, T]) -> Callable[P, T | Refused]:
    """Runs the function in one transaction; a refusal that `must` met undoes it and is the answer."""

    @wraps(function)
    def all_or_nothing(*args: P.args, **kwargs: P.kwargs) -> T | Refused:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except Stopped as stopped:
            return stopped.refused

    return all_or_nothing
