"""The names a process pack may use: what is registered in code and configured by the lender.

A pack never contains code; it names operations, predicates, sources of materials, roles, calendars and
awaited events, and `loading.load` refuses a name that is not here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cheqi.core.process.definition import Facts


@dataclass(frozen=True, slots=True)
class Predicate:
    """A pure function of known facts, and which facts it looks at; naming none means all of them."""

    function: Callable[[Facts], bool]
    needs: tuple[str, ...] = ()

    def __call__(self, facts: Facts) -> bool:
        """The answer over the facts that it declares; one that is not known yet is absent."""
        if not self.needs:
            return bool(self.function(facts))
        return bool(self.function({name: facts[name] for name in self.needs if name in facts}))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All known names."""

    operations: frozenset[str] = frozenset()
    predicates: Mapping[str, Predicate] = field(default_factory=dict)
    materials: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
