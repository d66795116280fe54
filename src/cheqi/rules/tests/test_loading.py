"""A pack is checked when it is loaded; every problem is named at once."""

from datetime import date
from decimal import Decimal

import pytest

from cheqi.core.base.text import Text
from cheqi.rules import (
    Pack,
    PackKind,
    WrongInputs,
    as_text,
    evaluate,
    evaluate_all,
    load_pack,
    pick,
    run_cases,
)

GOOD = """
pack: example
kind: HOUSE
version: 1
effective_from: 2026-01-01
title: {zh: 示例, en: Example}
source: {title: 示例办法, clause: 第一条}
parameters: {limit: 3, names: [a, b]}
series:
  base_rate: [{from: 2026-01-01, value: 0.03}, {from: 2026-07-01, value: 0.031}]
decisions:
  - key: band
    title: {zh: 分档, en: Band}
    inputs:
      score: {kind: number}
      colour: {kind: text, values: [RED, BLUE], optional: true}
    outputs:
      share: {kind: number}
    rows:
      - key: low
        when: {score: "< 0.7000000001"}
        then: {share: 0.5}
        clause: 第二条
        message: {zh: 分数低, en: Low}
      - {key: middle, when: {score: "[0.7000000001..0.9)", colour: [RED, BLUE]}, then: {share: 0.7}}
      - {key: exact, when: {score: 5}, then: {share: 0.9}}
      - {key: rest, then: {share: 1}}
  - key: reasons
    title: {zh: 理由, en: Reasons}
    hit: COLLECT
    inputs: {is_late: {kind: boolean}, count: {kind: number}}
    outputs: {outcome: {kind: text, values: [REFER, REFUSE]}}
    rows:
      - {key: late, when: {is_late: true}, then: {outcome: REFUSE}}
      - {key: many, when: {count: ">= 3"}, then: {outcome: REFER}}
cases:
  - {name: 低分, decision: band, given: {score: 0.7}, rows: [low], expect: {share: 0.5}}
  - {name: 参数, parameter: limit, value: 3}
"""


def good() -> Pack:
    """The example pack."""
    pack = load_pack(GOOD)
    assert isinstance(pack, Pack)
    return pack


def test_a_pack_says_what_it_is_and_since_when() -> None:
    pack = good()
    assert (pack.name, pack.kind, pack.version) == ("example", PackKind.HOUSE, 1)
    assert pack.effective_from == date(2026, 1, 1)
    assert pack.source.clause == "第一条"
    assert pack.parameters == {"limit": 3, "names": ["a", "b"]}
    assert run_cases(pack) == ()


def test_a_decision_names_its_rule_its_clause_and_its_sentence() -> None:
    decision = evaluate(good(), {"score": Decimal("0.7000000000")}, decision="band")
    assert decision.value == {"share": Decimal("0.5")}
    assert decision.rule == "example.band.low"
    assert decision.clause == "示例办法 第二条"
    assert as_text(decision) == Text("分数低(示例办法 第二条)", "Low (示例办法 第二条)")


@pytest.mark.parametrize(
    ("score", "colour", "row"),
    [
        ("0.7000000000", None, "low"),
        ("0.7000000001", "RED", "middle"),
        ("0.8999999999", "BLUE", "middle"),
        ("0.8999999999", None, "rest"),
        ("0.9", "RED", "rest"),
        ("5", None, "exact"),
    ],
)
def test_boundaries_hold_to_the_tenth_place(score: str, colour: str | None, row: str) -> None:
    decision = evaluate(good(), {"score": Decimal(score), "colour": colour}, decision="band")
    assert decision.rule == f"example.band.{row}"


def test_a_row_without_its_own_clause_and_sentence_takes_those_of_pack_and_table() -> None:
    decision = evaluate(good(), {"score": 9}, decision="band")
    assert decision.clause == "示例办法 第一条"
    assert decision.explanation == Text("分档", "Band")


def test_a_table_that_collects_gives_every_row_that_matches() -> None:
    found = evaluate_all(good(), {"is_late": True, "count": 3}, decision="reasons")
    assert [decision.rule for decision in found] == ["example.reasons.late", "example.reasons.many"]
    assert evaluate_all(good(), {"is_late": False, "count": 2}, decision="reasons") == ()
    with pytest.raises(ValueError, match="collects"):
        evaluate(good(), {"is_late": False, "count": 2}, decision="reasons")


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"score": "7"},
        {"score": True},
        {"score": 1, "colour": "GREEN"},
        {"score": 1, "size": 3},
        {"score": None},
    ],
)
def test_wrong_inputs_are_a_broken_assumption(inputs: dict[str, object]) -> None:
    with pytest.raises(WrongInputs):
        evaluate(good(), inputs, decision="band")  # type: ignore[arg-type]


def test_a_series_gives_the_value_that_counts_on_a_day() -> None:
    pack = good()
    assert pack.value("base_rate", date(2026, 6, 30)) == Decimal("0.03")
    assert pack.value("base_rate", date(2026, 7, 1)) == Decimal("0.031")
    assert pack.value("limit", date(2026, 7, 1)) == 3
    with pytest.raises(KeyError, match="no value yet"):
        pack.value("base_rate", date(2025, 12, 31))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("pack: example", "pack: 3"), "pack"),
        (("kind: HOUSE", "kind: HOME"), "kind"),
        (("version: 1", "version: 0"), "version"),
        (("2026-01-01\ntitle", "soon\ntitle"), "effective_from"),
        (("en: Example}", "en: ''}"), "title"),
        (("clause: 第一条}", "clause: https://example.invalid}"), "source.clause"),
        (("parameters: {limit", "colour: red\nparameters: {limit"), "colour"),
        (("{from: 2026-07-01", "{from: 2025-07-01"), "series.base_rate"),
        (("base_rate:", "limit:"), "series.limit"),
        (("share: {kind: number}", "share: {kind: money}"), "decisions[0].outputs.share.kind"),
        (("when: {score: 5}", "when: {score: '5 + 1'}"), "decisions[0].rows[2].when.score"),
        (("when: {score: 5}", "when: {size: 5}"), "decisions[0].rows[2].when.size"),
        (("colour: [RED, BLUE]}", "colour: [GREEN]}"), "decisions[0].rows[1].when.colour"),
        (("{share: 0.9}", "{share: high}"), "decisions[0].rows[2].then.share"),
        (("key: exact", "key: low"), "decisions[0].rows"),
        (("- {key: rest, then", "- {key: rest, when: {score: 1}, then"), "decisions[0].rows"),
        (("key: reasons", "key: band"), "decisions[1].key"),
        (("outcome: REFUSE}", "outcome: PERHAPS}"), "decisions[1].rows[0].then.outcome"),
        (("rows: [low], expect", "rows: [lowest], expect"), "cases[0]"),
        (("decision: band, given", "decision: bend, given"), "cases[0]"),
        (("parameter: limit, value", "parameter: limits, value"), "cases[1].parameter"),
    ],
)
def test_a_mistake_is_named_with_its_place(change: tuple[str, str], path: str) -> None:
    source = GOOD.replace(*change, 1)
    assert source != GOOD
    problems = load_pack(source)
    assert isinstance(problems, tuple)
    assert path in [problem.path for problem in problems]


def test_five_mistakes_are_all_named_at_once() -> None:
    source = GOOD
    for change in [
        ("kind: HOUSE", "kind: HOME"),
        ("version: 1", "version: x"),
        ("when: {score: 5}", "when: {score: 'os.system'}"),
        ("{share: 0.9}", "{}"),
        ("key: reasons", "key: band"),
    ]:
        source = source.replace(*change, 1)
    problems = load_pack(source)
    assert isinstance(problems, tuple)
    assert [problem.path for problem in problems] == [
        "decisions[0].rows[2].when.score",
        "decisions[0].rows[2].then.share",
        "decisions[1].key",
        "kind",
        "version",
        "cases[0]",
    ]


@pytest.mark.parametrize("source", ["", "- a", "just words", GOOD.split("cases:", maxsplit=1)[0]])
def test_what_is_no_pack_or_has_no_cases_is_refused(source: str) -> None:
    assert isinstance(load_pack(source), tuple)


def test_a_case_that_does_not_hold_says_what_came_out() -> None:
    pack = load_pack(
        GOOD.replace("rows: [low], expect", "rows: [rest], expect").replace(
            "limit, value: 3", "limit, value: 4"
        )
    )
    assert isinstance(pack, Pack)
    assert [(problem.path, problem.message.en) for problem in run_cases(pack)] == [
        ("cases.低分", "expected rest, found low"),
        ("cases.参数", "expected 4, found 3"),
    ]


def test_the_version_in_force_is_the_latest_to_have_taken_effect() -> None:
    first = good()
    second = load_pack(
        GOOD.replace("version: 1", "version: 2").replace(
            "effective_from: 2026-01-01", "effective_from: 2026-06-01"
        )
    )
    assert isinstance(second, Pack)
    packs = [second, first]
    assert pick(packs, "example", date(2025, 12, 31)) is None
    assert pick(packs, "example", date(2026, 5, 31)) is first
    assert pick(packs, "example", date(2026, 6, 1)) is second
    assert pick(packs, "other", date(2026, 6, 1)) is None
