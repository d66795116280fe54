"""The contact packs read as the gate needs them, and their examples hold."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import cheqi.rules
from cheqi.core.contact.contact import Channel, Contact, Preferences, Purpose
from cheqi.core.contact.gate import Allow, Defer, decide
from cheqi.core.contact.pack import ContactPack, read
from cheqi.rules import Pack, load_pack

FOLDER = Path(cheqi.rules.__file__).parent / "packs"


def loaded(path: str) -> tuple[Pack, ContactPack]:
    pack = load_pack((FOLDER / path).read_text(encoding="utf-8"))
    assert isinstance(pack, Pack), [str(problem) for problem in pack]
    parameters = {name: value for name, value in pack.parameters.items() if name != "examples"}
    contact_pack = read(parameters, name=pack.name, version=pack.version)
    assert isinstance(contact_pack, ContactPack), [str(problem) for problem in contact_pack]
    return pack, contact_pack


PACKS = ("law/contact_hours.yaml", "house/contact_courtesy.yaml")
EXAMPLES = [(path, example) for path in PACKS for example in loaded(path)[0].parameters["examples"]]


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[example["name"] for _, example in EXAMPLES])
def test_the_examples_of_a_contact_pack_hold(path: str, example: dict[str, Any]) -> None:
    contact = Contact(Purpose(example["purpose"]), Channel(example["channel"]))
    decision = decide(contact, (), Preferences(), loaded(path)[1], datetime.fromisoformat(example["at"]))
    if until := example.get("defers_until"):
        assert isinstance(decision, Defer)
        assert decision.until == datetime.fromisoformat(until)
    else:
        assert isinstance(decision, Allow)


def test_law_that_nobody_has_read_is_marked_so() -> None:
    _, law = loaded("law/contact_hours.yaml")
    assert [rule.key for rule in law.rules if rule.is_verified] == []
    assert all(rule.clause for rule in law.rules)
