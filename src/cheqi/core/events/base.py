"""What an event is: a frozen fact with a stable type, a sentence, and personal parts kept apart.

A topic file of this folder declares its types; `@event` makes the class a frozen keyword-only dataclass,
checks it, and enters it in `REGISTRY` (a second class of the same type is refused):

>>> @event
... class PayeeVerified(Event):
...     TYPE = "example.payee_verified"
...     SENTENCE = Text("已核实收款方 {dealer}，金额 {amount_fen}", "Verified payee {dealer}, {amount_fen}")
...     for_customer = True
...     CUSTOMER_SENTENCE = Text("收款方已核实", "The payee is verified")
...     dealer: str
...     amount_fen: int
...     account: str = personal()
>>> verified = PayeeVerified(dealer="安心汽车", amount_fen=1_250_000, account="6222")
>>> to_payload(verified)
Payload(plain={'dealer': '安心汽车', 'amount_fen': 1250000}, personal={'account': '6222'})
>>> verified.sentence("en")
'Verified payee 安心汽车, ¥12,500.00'

Values are whole numbers, text, truth values, dates, exact decimals, text enums, nothing, and lists and
maps of these. Binary floating point is refused: what is logged must read back as the same bytes.
"""

import dataclasses
import re
from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, dataclass_transform

from cheqi.core.base.text import Text
from cheqi.core.events.values import from_json, kinds_of, spoken, to_json

E = TypeVar("E", bound="Event")

REGISTRY: dict[str, type["Event"]] = {}

Words = Mapping[str, str]
NO_WORDS: Words = MappingProxyType({})

_PERSONAL = "cheqi.personal"
_DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_ERASED = Text("（已删除）", "(erased)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """The base of all event types.

    `TYPE` never changes once it was logged. `SENTENCE` is what colleagues read in the timeline;
    `for_customer` shows the event in the customer's own, with `CUSTOMER_SENTENCE`.
    """

    TYPE: ClassVar[str] = ""
    SENTENCE: ClassVar[Text]
    for_customer: ClassVar[bool] = False
    CUSTOMER_SENTENCE: ClassVar[Text | None] = None

    @property
    def subject(self) -> str:
        """The record concerned, such as `document:17`; an event type overrides it, empty for none."""
        return ""

    def sentence(self, language: str = "zh-hans", words: Words = NO_WORDS) -> str:
        """The colleagues' sentence with its places filled; `words` says places in other words than logged."""
        return filled(self, self.SENTENCE, language, words)

    def customer_sentence(self, language: str = "zh-hans", words: Words = NO_WORDS) -> str | None:
        """The customer's sentence, or nothing where the event is not for the customer."""
        return filled(self, self.CUSTOMER_SENTENCE, language, words) if self.CUSTOMER_SENTENCE else None


@dataclasses.dataclass(frozen=True, slots=True)
class Payload:
    """The values of an event as JSON can hold them: what is logged openly, and what belongs to a person."""

    plain: dict[str, Any]
    personal: dict[str, Any]


class UnknownEventType(LookupError):
    """A logged type that no class stands for: its topic file is missing."""


def personal(*, default: Any = dataclasses.MISSING) -> Any:
    """Marks a field that is stored apart, encrypted under the key of the person it is about."""
    return dataclasses.field(default=default, metadata={_PERSONAL: True})


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field, personal)
)
def event(cls: type[E]) -> type[E]:
    """Makes an event type of a class and registers it. Raises TypeError that says what is wrong with it."""
    made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    if not _DOTTED.fullmatch(made.TYPE):
        raise TypeError(f"{made.__name__}.TYPE must be dotted lower case, not {made.TYPE!r}")
    if made.TYPE in REGISTRY:
        raise TypeError(f"{made.TYPE} is already the type of {REGISTRY[made.TYPE].__name__}")
    if made.for_customer != (made.CUSTOMER_SENTENCE is not None):
        raise TypeError(f"{made.__name__}: for_customer and CUSTOMER_SENTENCE come together")
    kinds_of(made)
    for text in filter(None, (made.SENTENCE, made.CUSTOMER_SENTENCE)):
        _check_places(made, text)
    REGISTRY[made.TYPE] = made
    return made


def personal_fields(cls: type[Event]) -> frozenset[str]:
    """The names of the fields that are stored apart."""
    return frozenset(each.name for each in dataclasses.fields(cls) if _PERSONAL in each.metadata)


def to_payload(what: Event) -> Payload:
    """The values as JSON can hold them, personal ones apart. Raises TypeError for what cannot be logged."""
    if REGISTRY.get(what.TYPE) is not type(what):
        raise TypeError(f"{type(what).__name__} is not a registered event type: decorate it with @event")
    payload = Payload({}, {})
    for each in dataclasses.fields(what):
        part = payload.personal if _PERSONAL in each.metadata else payload.plain
        part[each.name] = to_json(getattr(what, each.name))
    return payload


def from_payload(type_name: str, plain: Mapping[str, Any], personal_parts: Mapping[str, Any] | None) -> Event:
    """The event again. Personal parts that were erased are None; their text then reads as empty.

    Fields that the type gained later take their default, fields that it lost are dropped. Raises
    UnknownEventType, and TypeError where a value does not fit.
    """
    try:
        cls = REGISTRY[type_name]
    except KeyError:
        raise UnknownEventType(type_name) from None
    kinds, apart, values = kinds_of(cls), personal_fields(cls), {}
    for name, kind in kinds.items():
        source = personal_parts if name in apart else plain
        if source is None:
            values[name] = "" if kind is str else None
        elif name in source:
            values[name] = from_json(source[name], kind)
    return cls(**values)


def filled(what: Event, text: Text, language: str, words: Words = NO_WORDS) -> str:
    """A text with the event's fields in its places; `words` says fields otherwise than their values do.

    Erasing a person takes all personal fields at once: one that is empty beside others that are not was so
    when it was logged.
    """
    apart = personal_fields(type(what))
    is_erased = all(getattr(what, name) in ("", None) for name in apart)
    known = {}
    for each in dataclasses.fields(what):
        gone = is_erased and each.name in apart
        known[each.name] = (
            _ERASED.in_language(language) if gone else spoken(each.name, getattr(what, each.name))
        )
    return text.in_language(language).format(**(known | dict(words)))


def _check_places(cls: type[Event], text: Text) -> None:
    known = {each.name for each in dataclasses.fields(cls)}
    for sentence in (text.zh, text.en):
        places = {place for _, place, _, _ in Formatter().parse(sentence) if place is not None}
        if unknown := places - known:
            raise TypeError(f"{cls.__name__}: the sentence names {sorted(unknown)}, which are no fields")
