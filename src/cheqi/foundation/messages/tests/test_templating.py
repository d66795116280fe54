"""Templates are data, complete in both languages, and checked when they are loaded."""

import pytest

from cheqi.core.base.text import Text
from cheqi.core.contact.contact import Channel
from cheqi.foundation.messages.templating import (
    HIDDEN,
    Template,
    Value,
    WrongVariables,
    catalogue,
    from_json,
    load,
    render,
    to_json,
    without_secrets,
)

EXPECTED = {
    "one_time_code",
    "application_received",
    "document_rejected",
    "material_needed",
    "more_needed",
    "other_declined",
    "material_reminder",
    "approved",
    "refused",
    "contract_ready",
    "contract_signed",
    "disbursed",
    "step_late",
    "estimate_moved",
    "staff_escalation",
    "staff_assigned",
    "step_reminder",
    "lien_registered",
    "consent_asked",
    "signature_asked",
}


def test_the_product_has_these_templates() -> None:
    assert set(catalogue()) == EXPECTED


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_a_template_renders_in_both_languages_without_a_trace_of_the_other(key: str) -> None:
    template = catalogue()[key]
    data: dict[str, Value] = dict.fromkeys(template.variables, "X1")
    for language in ("zh", "en"):
        rendered = render(template, data, language)
        whole = rendered.subject + rendered.text + rendered.short
        assert "{" not in whole
        assert any("一" <= letter <= "鿿" for letter in whole) is (language == "zh")


def test_money_is_written_as_money_and_labels_in_the_readers_language() -> None:
    template = catalogue()["approved"]
    data: dict[str, Value] = {"case_number": "CQ-1", "amount_fen": 12_345_600, "term_months": 36, "link": "L"}
    assert "¥123,456.00" in render(template, data, "zh").text
    late = catalogue()["step_late"]
    words: dict[str, Value] = {
        "case_number": "CQ-1",
        "step": Text("抵押登记", "Lien registration"),
        "reason": Text("排队", "a queue"),
        "until": "2026-11-25",
        "link": "L",
    }
    assert "“Lien registration” of application CQ-1 is late (a queue)" in render(late, words, "en").short


def test_data_survive_being_kept() -> None:
    data: dict[str, Value] = {"step": Text("抵押", "Lien"), "amount_fen": 5, "link": "L"}
    assert from_json(to_json(data)) == data


def test_secrets_are_hidden() -> None:
    template = catalogue()["one_time_code"]
    hidden = without_secrets(template, {"code": "246810", "minutes": 5, "purpose": "登录"})
    assert hidden == {"code": HIDDEN, "minutes": 5, "purpose": "登录"}


@pytest.mark.parametrize("data", [{}, {"code": "1", "minutes": 5, "purpose": "登录", "more": "2"}])
def test_data_that_are_not_the_declared_ones_are_a_mistake(data: dict[str, Value]) -> None:
    with pytest.raises(WrongVariables):
        render(catalogue()["one_time_code"], data, "zh")


def test_every_mistake_of_a_template_is_named_at_once() -> None:
    problems = load("""
key: broken
version: 0
title: {zh: 坏的, en: Broken}
purpose: GOSSIP
channels: [SMS, PIGEON]
variables: [name, unused]
secret: [code]
colour: red
subject: {zh: "{name}", en: "{nome}"}
text: {zh: "{name", en: "x"}
""")
    assert isinstance(problems, tuple)
    assert [problem.path for problem in problems] == [
        "colour",
        "channels",
        "subject.en",
        "text.zh",
        "variables.unused",
        "secret.code",
        "short",
        "purpose",
        "version",
    ]


def test_a_template_for_the_inbox_needs_no_short_text() -> None:
    found = load("""
key: note
version: 1
title: {zh: 便笺, en: Note}
purpose: SERVICE
channels: [IN_APP]
variables: []
subject: {zh: 便笺, en: Note}
text: {zh: 一二三, en: one two three}
""")
    assert isinstance(found, Template)
    assert (found.channels, found.valid_minutes) == ((Channel.IN_APP,), 0)
