"""What areas register with documents: which kinds fit a slot, and what follows from a document's fate.

    expect("VEHICLE_PAPER", Kind.VEHICLE_LICENCE, Kind.PURCHASE_INVOICE)

    @on_read
    def check_materials(document: Document, *, now: datetime) -> None: ...

Hooks run in the transaction of their cause: when one raises, nothing has happened.
"""

from datetime import datetime
from typing import Protocol

from cheqi.core.documents.kinds import Kind
from cheqi.foundation.documents.models import Document


class Hook(Protocol):
    """Reacts to a document inside the transaction."""

    def __call__(self, document: Document, *, now: datetime) -> None: ...


_read_hooks: list[Hook] = []
_decided_hooks: list[Hook] = []
_kinds: dict[str, frozenset[Kind]] = {}


def on_read(hook: Hook) -> Hook:
    """Registers what follows when a document was read, or could not be."""
    _read_hooks.append(hook)
    return hook


def on_decided(hook: Hook) -> Hook:
    """Registers what follows when a document was accepted or sent back."""
    _decided_hooks.append(hook)
    return hook


def expect(slot: str, *kinds: Kind) -> None:
    """Says which kinds fit a slot; a slot named as a kind expects that kind without being told."""
    _kinds[slot] = frozenset(kinds)


def expected_kinds(slot: str) -> frozenset[Kind]:
    """The kinds that fit a slot; empty where anything does."""
    if slot in _kinds:
        return _kinds[slot]
    return frozenset({Kind(slot)}) if slot in Kind.__members__ else frozenset()


def tell_read(document: Document, now: datetime) -> None:
    """Calls the hooks of `on_read` in the order of registration."""
    for hook in _read_hooks:
        hook(document, now=now)


def tell_decided(document: Document, now: datetime) -> None:
    """Calls the hooks of `on_decided` in the order of registration."""
    for hook in _decided_hooks:
        hook(document, now=now)
