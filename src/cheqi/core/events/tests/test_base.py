"""An event type is checked when it is declared, and its values read back as they were written."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from cheqi.core.base.text import Text
from cheqi.core.events.base import (
    REGISTRY,
    Event,
    Payload,
    UnknownEventType,
    event,
    from_payload,
    personal,
    personal_fields,
    to_payload,
)
from cheqi.core.events.documents import FieldSettled

SENTENCE = Text("已记录", "Recorded")


class Colour(StrEnum):
    RED = "RED"


@event
class Everything(Event):
    TYPE = "example.everything"
    SENTENCE = Text("{name} 付 {price_fen}，{at}", "{name} pays {price_fen}, {at}")
    price_fen: int
    at: datetime
    on: date
    rate: Decimal
    colour: Colour
    reasons: tuple[str, ...]
    facts: dict[str, str | int | bool | None]
    until: date | None = None
    name: str = personal()
    age: int | None = personal(default=None)


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


def an_event() -> Everything:
    return Everything(
        price_fen=-1_234_567,
        at=datetime(2026, 12, 1, 2, 30, tzinfo=UTC),
        on=date(2026, 12, 2),
        rate=Decimal("0.0585"),
        colour=Colour.RED,
        reasons=("a", "b"),
        facts={"used": True, "km": 7, "city": "上海", "none": None},
        name="李雷",
    )


def test_values_read_back_as_they_were_written_and_personal_ones_are_apart() -> None:
    written = an_event()
    payload = to_payload(written)
    assert payload == Payload(
        {
            "price_fen": -1_234_567,
            "at": "2026-12-01T02:30:00+00:00",
            "on": "2026-12-02",
            "rate": "0.0585",
            "colour": "RED",
            "reasons": ["a", "b"],
            "facts": {"used": True, "km": 7, "city": "上海", "none": None},
            "until": None,
        },
        {"name": "李雷", "age": None},
    )
    assert from_payload("example.everything", payload.plain, payload.personal) == written
    assert personal_fields(type(written)) == {"name", "age"}


def test_erased_personal_parts_read_as_erased() -> None:
    payload = to_payload(an_event())
    read = from_payload("example.everything", payload.plain, None)
    assert read.sentence("en") == "(erased) pays -¥12,345.67, 2026-12-01 02:30"


def test_a_personal_part_that_was_empty_is_not_called_erased() -> None:
    written = FieldSettled(
        document_id=1, title="身份证", field="性别", reason="与原图一致", old_value="", new_value="男"
    )
    assert written.sentence() == "核对身份证的“性别”：由“—”改为“男”，原因：与原图一致"
    payload = to_payload(written)
    erased = from_payload(written.TYPE, payload.plain, None)
    assert "由“（已删除）”改为“（已删除）”" in erased.sentence()


def test_the_sentence_is_filled_in_both_languages() -> None:
    assert an_event().sentence() == "李雷 付 -¥12,345.67，2026-12-01 02:30"
    assert an_event().customer_sentence() is None


def test_a_field_gained_later_takes_its_default_and_a_lost_one_is_dropped() -> None:
    @event
    class Grown(Event):
        TYPE = "example.grown"
        SENTENCE = SENTENCE
        gained: str = "new"

    assert from_payload("example.grown", {"lost": 1}, {}) == Grown(gained="new")


def test_an_event_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        an_event().price_fen = 1  # type: ignore[misc]


def test_a_type_is_declared_once() -> None:
    class Copy(Event):
        TYPE = "example.everything"
        SENTENCE = SENTENCE

    with pytest.raises(TypeError, match="already the type of Everything"):
        event(Copy)
    assert REGISTRY["example.everything"] is Everything


def test_a_type_must_be_dotted() -> None:
    with pytest.raises(TypeError, match="dotted"):

        @event
        class Flat(Event):
            TYPE = "flat"
            SENTENCE = SENTENCE


def test_a_sentence_names_only_fields() -> None:
    with pytest.raises(TypeError, match="price"):

        @event
        class Typo(Event):
            TYPE = "example.typo"
            SENTENCE = Text("{price}", "{price}")
            price_fen: int

    assert "example.typo" not in REGISTRY


def test_an_event_for_the_customer_has_its_own_sentence() -> None:
    with pytest.raises(TypeError, match="come together"):

        @event
        class Shown(Event):
            TYPE = "example.shown"
            SENTENCE = SENTENCE
            for_customer = True


@pytest.mark.parametrize(
    "kind", [float, bytes, tuple[int, str], dict[int, str], float | None, tuple[float, ...]]
)
def test_a_kind_that_cannot_be_logged_is_refused_at_declaration(kind: object) -> None:
    class Carrier(Event):
        TYPE = "example.carrier"
        SENTENCE = SENTENCE

    Carrier.__annotations__ = {"value": kind}
    with pytest.raises(TypeError, match=r"Carrier\.value"):
        event(Carrier)


def test_a_float_in_a_field_declared_otherwise_is_refused_when_logged() -> None:
    price: Any = 1.5
    floating = dataclasses.replace(an_event(), price_fen=price)
    with pytest.raises(TypeError, match="cannot carry float"):
        to_payload(floating)


def test_a_time_without_its_zone_is_refused() -> None:
    naive = dataclasses.replace(an_event(), at=datetime(2026, 12, 1))  # noqa: DTZ001
    with pytest.raises(TypeError, match="zone"):
        to_payload(naive)


def test_a_value_of_another_kind_is_refused_when_read() -> None:
    payload = to_payload(an_event())
    with pytest.raises(TypeError, match="is not of the kind"):
        from_payload("example.everything", {**payload.plain, "price_fen": "12"}, payload.personal)


def test_an_undecorated_class_cannot_be_logged() -> None:
    class Forgotten(Event):
        TYPE = "example.forgotten"
        SENTENCE = SENTENCE

    with pytest.raises(TypeError, match="decorate it with @event"):
        to_payload(Forgotten())


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UnknownEventType, match=r"example\.nobody"):
        from_payload("example.nobody", {}, {})
