"""The secret box."""

import pytest

from cheqi import ports
from cheqi.foundation.privacy import box
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider


def test_what_is_sealed_opens_with_the_same_context(keys: MemoryKeys) -> None:
    envelope = box.seal("征信报告".encode(), context="bureau.answer.17")

    assert envelope.startswith(b"v1|k1|")
    assert "征信".encode() not in envelope
    assert box.unseal(envelope, context="bureau.answer.17").decode() == "征信报告"


def test_the_same_value_never_gives_the_same_envelope(keys: MemoryKeys) -> None:
    assert box.seal(b"x", context="a") != box.seal(b"x", context="a")


def test_another_context_does_not_open_it(keys: MemoryKeys) -> None:
    envelope = box.seal(b"secret", context="bureau.answer.17")

    with pytest.raises(box.UnableToUnseal, match=r"bureau\.answer\.18: the value was changed, moved"):
        box.unseal(envelope, context="bureau.answer.18")


@pytest.mark.parametrize("position", [6, 20, -1])
def test_one_changed_bit_anywhere_is_noticed(keys: MemoryKeys, position: int) -> None:
    envelope = bytearray(box.seal(b"secret value", context="a"))
    envelope[position] ^= 1

    with pytest.raises(box.UnableToUnseal):
        box.unseal(bytes(envelope), context="a")


@pytest.mark.parametrize("envelope", [b"", b"plain text", b"v1|k1", b"v2|k1|xxxxxxxxxxxxx", b"v1|k1|short"])
def test_what_is_no_envelope_is_refused(keys: MemoryKeys, envelope: bytes) -> None:

    with pytest.raises(box.UnableToUnseal):
        box.unseal(envelope, context="a")


def test_a_missing_key_is_named_and_the_value_is_not(keys: MemoryKeys) -> None:
    keys.add()
    envelope = box.seal(b"secret", context="a")

    with (
        ports.bound(KeyProvider, MemoryKeys("elsewhere")),
        pytest.raises(box.UnableToUnseal, match="sealed under the key k2, which is not here"),
    ):
        box.unseal(envelope, context="a")


def test_another_key_of_the_same_name_does_not_open_it(keys: MemoryKeys) -> None:
    envelope = box.seal(b"secret", context="a")
    other = MemoryKeys("elsewhere")

    with ports.bound(KeyProvider, other), pytest.raises(box.UnableToUnseal, match="another key"):
        box.unseal(envelope, context="a")


def test_resealing_moves_to_the_current_key_once(keys: MemoryKeys) -> None:
    old = box.seal(b"secret", context="a")
    assert box.reseal(old, context="a") is old
    keys.add()

    new = box.reseal(old, context="a")

    assert box.key_id(new) == "k2"
    assert box.unseal(new, context="a") == b"secret"
    assert box.unseal(old, context="a") == b"secret"


def test_text_envelopes_are_four_parts(keys: MemoryKeys) -> None:
    envelope = box.seal_text("张小三", context="a")

    assert envelope.split("|")[:2] == ["v1", "k1"]
    assert len(envelope.split("|")) == 4
    assert box.unseal_text(envelope, context="a") == "张小三"
    with pytest.raises(box.UnableToUnseal, match="not an envelope"):
        box.unseal_text("张小三", context="a")
