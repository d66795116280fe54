"""Which files rows name. An app registers in `file_references.py`, which is loaded by itself.

>>> @refers("documents")                                                    # doctest: +SKIP
... def pages(prefix: str) -> Iterable[str]:
...     return DocumentPage.objects.filter(file_key__startswith=prefix).values_list("file_key", flat=True)
"""

from collections.abc import Callable, Iterable

from django.db.models import Model

Referrer = Callable[[str], Iterable[str]]
REFERRERS: dict[str, Referrer] = {}


def refers(name: str) -> Callable[[Referrer], Referrer]:
    """Registers a function that gives the keys its rows name among those that begin with a prefix."""

    def register(function: Referrer) -> Referrer:
        if name in REFERRERS:
            raise ValueError(f"{name} already says which files it names")
        REFERRERS[name] = function
        return function

    return register


def in_columns(model: type[Model], *columns: str) -> Referrer:
    """The usual referrer: keys that stand in columns of a model. One statement a column."""

    def found(prefix: str) -> Iterable[str]:
        for column in columns:
            rows = model._default_manager.filter(**{f"{column}__startswith": prefix})
            yield from rows.values_list(column, flat=True).iterator(chunk_size=2000)

    return found


def referred(prefix: str) -> frozenset[str]:
    """Every key with this prefix that some row names."""
    return frozenset(key for referrer in REFERRERS.values() for key in referrer(prefix))
