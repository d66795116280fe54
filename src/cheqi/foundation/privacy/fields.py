"""Model fields for personal data.

`SealedTextField` and `SealedBytesField` keep an envelope in the column. Its context is
`table.column.row seal`, so a value copied to another row or column, by hand in the database, does not
open. Reading the attribute opens it; a row that nobody reads costs nothing; `values()` gives the opaque
`Envelope`, never the value. Only rows are written: `bulk_update` and `update` with plain text refuse.

`BlindIndexField` and `Last4Field` follow their sealed neighbour whenever the row is written.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from cheqi.foundation.privacy import blind, box

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed value as it lies in the column."""

    content: str | bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """The key that sealed it. Raises UnableToUnseal where the column holds something else."""
        return box.key_id(self.binary)

    @property
    def binary(self) -> bytes:
        """The envelope as bytes."""
        return box.from_text(self.content) if isinstance(self.content, str) else self.content


class _SealedAttribute(DeferredAttribute):
    """Opens the envelope when the attribute is read; what was set in the program is given back as it is."""

    field: "SealedField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            rows = type(instance)._base_manager.filter(pk=instance.pk)
            self.__set__(instance, rows.values_list(self.field.attname, flat=True).get())
        value = instance.__dict__[self.field.attname]
        return self.field.opened(value, instance) if isinstance(value, Envelope) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(_Field):
    """What both sealed fields share. A concrete one says how a value becomes an envelope and back."""

    descriptor_class = _SealedAttribute

    def context(self, row_seal: object) -> str:
        """What an envelope of this column in that row is bound to."""
        return f"{self.model._meta.db_table}.{self.column}.{row_seal}"

    def sealed(self, value: Any, row_seal: object) -> Envelope:
        """An envelope of the value for the row with this seal."""
        raise NotImplementedError

    def opened(self, envelope: Envelope, instance: models.Model) -> Any:
        """The value of an envelope of this row. Raises UnableToUnseal."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 (Django's signature)
        """The envelope: the one that is there, or a new one of what the program set."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Envelope) or value is None or len(value) == 0:
            return value
        return self.sealed(value, model_instance.row_seal)  # type: ignore[attr-defined]

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        """The column as an envelope; nothing (NULL or empty) stays nothing."""
        return (
            value
            if value is None or len(value) == 0
            else Envelope(value if isinstance(value, str) else bytes(value))
        )

    def get_prep_value(self, value: Any) -> Any:
        """An envelope's content. Raises FieldError for plain text, which only a row can seal."""
        if isinstance(value, Envelope):
            return value.content
        if value is None or len(value) == 0:
            return value
        raise FieldError(f"{self.name} is sealed: set it on the row and save the row")

    def get_lookup(self, lookup_name: str) -> Any:
        """A sealed column can be asked for emptiness only; search by its blind index."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: search by its blind index")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuses: a dump would hold plain values. `cheqi backup` is the way out."""
        raise FieldError(f"{self.name} is sealed: use cheqi backup instead of a dump")


class SealedTextField(SealedField, models.TextField):  # type: ignore[type-arg]
    """Text that lies encrypted in the column."""

    def sealed(self, value: str, row_seal: object) -> Envelope:
        """The text envelope `v1|key id|nonce|ciphertext`."""
        return Envelope(box.seal_text(value, context=self.context(row_seal)))

    def opened(self, envelope: Envelope, instance: models.Model) -> str:
        """The text. Raises UnableToUnseal."""
        context = self.context(instance.row_seal)  # type: ignore[attr-defined]
        return box.unseal(envelope.binary, context=context).decode()


class SealedBytesField(SealedField, models.BinaryField):  # type: ignore[type-arg]
    """Bytes that lie encrypted in the column: a bureau's answer, a person's event key."""

    def sealed(self, value: bytes, row_seal: object) -> Envelope:
        """The binary envelope."""
        return Envelope(box.seal(value, context=self.context(row_seal)))

    def opened(self, envelope: Envelope, instance: models.Model) -> bytes:
        """The bytes. Raises UnableToUnseal."""
        context = self.context(instance.row_seal)  # type: ignore[attr-defined]
        return box.unseal(envelope.binary, context=context)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The driver's binary of the envelope's content."""
        content = value if prepared else self.get_prep_value(value)
        return super().get_db_prep_value(content, connection, prepared=True)


class FollowingField(models.CharField):  # type: ignore[type-arg]
    """A column whose value is always computed from a sealed neighbour when the row is written."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations need to know the neighbour."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def computed(self, value: str) -> str:
        """The column's value for the neighbour's."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 (Django's signature)
        """Computed anew, so it can never disagree with its neighbour."""
        value = self.computed(getattr(model_instance, self.of) or "")
        setattr(model_instance, self.attname, value)
        return value


class BlindIndexField(FollowingField):
    """The blind index of a neighbour, for exact search. `kind` says how values are spelt, else `of` does."""

    def __init__(self, *args: Any, of: str, kind: str = "", **kwargs: Any) -> None:
        self.kind = kind or of
        kwargs.setdefault("max_length", blind.INDEX_CHARS)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, of=of, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations need to know the kind."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def computed(self, value: str) -> str:
        """`blind.index` of the value."""
        return blind.index(self.kind, value)


class Last4Field(FollowingField):
    """The last four characters of a neighbour, for a person to recognise it by."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 4)
        super().__init__(*args, of=of, **kwargs)

    def computed(self, value: str) -> str:
        """The last four."""
        return value[-4:]
