"""Rotation: every sealed value moves to the current key, in batches, while the house is open.

Rows are walked in the order of their primary keys, and a value that is already under the current key is
passed by, so a rotation that was stopped is simply started again. A value is replaced only where it is
still the one that was read: somebody who saves the row at the same time wins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction

from cheqi import ports
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.events.access import KeysRotated
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.eventlog.operations.person_keys import rewrap_keys
from cheqi.foundation.privacy.box import UnableToUnseal
from cheqi.foundation.privacy.fields import Envelope, SealedField
from cheqi.foundation.privacy.models import Sealed
from cheqi.ports.keys import KeyProvider

BATCH_ROWS = 500


class UnableToRotate(RuntimeError):
    """A value does not open under any key that is here; the message names table and row."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: the key that seals now, rows walked, rows that were moved."""

    key_id: str
    rows_seen: int
    rows_moved: int


def rotate(now: datetime, *, actor: Actor = SYSTEM, batch_rows: int = BATCH_ROWS) -> Rotation:
    """Moves every sealed value of every table, and the persons' keys of the event log, to the current key.

    May be stopped and started again: each batch is a transaction of its own. Raises UnableToRotate at a
    value that does not open; what was moved before it stays moved.
    """
    key_id = ports.get(KeyProvider).current().id
    seen = moved = 0
    for model in sealed_models():
        for rows in _batches(model, batch_rows):
            seen += len(rows)
            moved += _move(model, rows, key_id)
    persons = rewrap_keys()
    seen, moved = seen + persons, moved + persons
    with transaction.atomic():
        record(KeysRotated(key_id=key_id, rows=moved), actor=actor, now=now)
    return Rotation(key_id, seen, moved)


def sealed_models() -> list[type[Sealed]]:
    """Every model with sealed columns, in the order of its label."""
    found = [model for model in apps.get_models() if issubclass(model, Sealed)]
    return sorted(found, key=lambda model: model._meta.label)


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """The sealed columns of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def _batches(model: type[Sealed], size: int) -> Iterator[list[Sealed]]:
    last: object = None
    while True:
        rows = model._default_manager.order_by("pk")
        batch = list((rows if last is None else rows.filter(pk__gt=last))[:size])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def _move(model: type[Sealed], rows: list[Sealed], key_id: str) -> int:
    moved = 0
    with transaction.atomic():
        for row in rows:
            changed = [_move_value(model, row, field, key_id) for field in sealed_fields(model)]
            moved += any(changed)
    return moved


def _move_value(model: type[Sealed], row: Sealed, field: SealedField, key_id: str) -> bool:
    """Whether the value was moved; one statement, which does nothing where the value has changed since."""
    old = row.__dict__[field.attname]
    try:
        if not isinstance(old, Envelope) or old.key_id == key_id:
            return False
        new = field.sealed(field.opened(old, row), row.row_seal)
    except UnableToUnseal as error:
        raise UnableToRotate(f"{model._meta.db_table}, row {row.pk}: {error}") from error
    quote = connection.ops.quote_name
    table, column, pk = (quote(name) for name in (model._meta.db_table, str(field.column), "id"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s",  # noqa: S608 (own names)
            [new.content, row.pk, old.content],
        )
        return bool(cursor.rowcount == 1)
