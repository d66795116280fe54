"""A pack is checked whole: everything that is wrong is named at once, with its path."""

from typing import Any

import pytest

from cheqi.core.base.problems import Problem
from cheqi.core.process.definition import Definition, Effect
from cheqi.core.process.loading import content_hash, load
from cheqi.core.process.tests.packs import CATALOGUE, lien_release, source_of


def problems_of(source: dict[str, Any]) -> dict[str, str]:
    found = load(source, CATALOGUE)
    assert isinstance(found, tuple)
    assert all(isinstance(problem, Problem) for problem in found)
    return {problem.path: problem.message.en for problem in found}


def step(source: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in source["steps"] if item["key"] == key)
    return found


def test_the_process_of_the_design_loads() -> None:
    definition = lien_release()
    assert [one.key for one in definition.steps] == [
        "confirm_payoff",
        "collect_materials",
        "finance_approval",
        "risk_approval",
        "file_at_registry",
    ]
    finance = definition.by_key["finance_approval"]
    assert [(one.key, one.effect, one.target) for one in finance.outcomes] == [
        ("approve", Effect.DONE, ""),
        ("return", Effect.RETURN, "collect_materials"),
        ("refuse", Effect.CLOSE, "REFUSED"),
    ]
    assert definition.dependents["collect_materials"] == (
        "finance_approval",
        "risk_approval",
        "file_at_registry",
    )


def test_a_pack_with_five_mistakes_names_all_five() -> None:
    source = source_of()
    step(source, "confirm_payoff")["run"] = "loans.confirm_setled"
    step(source, "collect_materials")["target"] = "3 days"
    step(source, "finance_approval")["owner"] = {"role": "finanse"}
    del step(source, "risk_approval")["title"]
    step(source, "file_at_registry")["after"] = ["finance_approval", "legal_approval"]
    assert problems_of(source) == {
        "steps[0].run": "there is no operation loans.confirm_setled (did you mean loans.confirm_settled?)",
        "steps[1].target": "bad duration '3 days': write it as 4h, 3d, 10min, 1cd, 2ch or 5cmin",
        "steps[2].owner.role": "there is no role finanse (did you mean finance?)",
        "steps[3].title": "needs a label in both languages (zh, en)",
        "steps[4].after": "there is no step legal_approval (did you mean risk_approval?)",
    }


@pytest.mark.parametrize(
    ("key", "change", "path", "words"),
    [
        ("finance_approval", {"owner": None}, "steps[2].owner", "missing owner"),
        ("finance_approval", {"stage": "nowhere"}, "steps[2].stage", "no stage nowhere"),
        ("finance_approval", {"tagret": "4h"}, "steps[2].tagret", "did you mean target?"),
        ("finance_approval", {"sentence": {"zh": "审核中"}}, "steps[2].sentence", "both languages"),
        ("finance_approval", {"outcomes": {"go": "no_step"}}, "steps[2].outcomes.go", "no step no_step"),
        ("finance_approval", {"outcomes": {"end": "close(LOST)"}}, "steps[2].outcomes.end", "no status LOST"),
        (
            "finance_approval",
            {"outcomes": {"go": "risk_approval"}},
            "steps[2].outcomes.go",
            "an earlier step",
        ),
        ("finance_approval", {"owner": {"role": "finance", "not": ["x"]}}, "steps[2].owner.not", "no step x"),
        ("finance_approval", {"on_breach": [{"escalate": "x"}]}, "steps[2].on_breach[0]", "no role x"),
        (
            "finance_approval",
            {"on_breach": [{"escalate": "finance"}, {"escalate": "risk", "at": "1.5"}]},
            "steps[2].on_breach[1].at",
            "write a share of the target",
        ),
        (
            "finance_approval",
            {"on_breach": [{"escalate": "finance", "at": "80%"}]},
            "steps[2].on_breach[0].at",
            "from 100% to 9999%",
        ),
        (
            "finance_approval",
            {"on_breach": [{"escalate": "finance", "at": "150%"}, {"escalate": "risk"}]},
            "steps[2].on_breach",
            "from the lowest level to the highest",
        ),
        (
            "finance_approval",
            {"on_breach": [{"escalate": "finance", "at": "150%"}]},
            "steps[2].on_breach",
            "begin at 100%",
        ),
        (
            "finance_approval",
            {"on_breach": [{"escalate": "finance"}, {"escalate": "finance", "at": "150%"}]},
            "steps[2].on_breach",
            "finance is escalated to more than once",
        ),
        ("finance_approval", {"ball": "bank"}, "steps[2].ball", "only a step with await"),
        (
            "collect_materials",
            {"materials": {"from": "x"}},
            "steps[1].materials.from",
            "no materials source",
        ),
        ("collect_materials", {"remind": ["1d", "soon"]}, "steps[1].remind[1]", "bad duration"),
        ("risk_approval", {"when": "has_dispute"}, "steps[3].when", "no predicate has_dispute"),
        (
            "file_at_registry",
            {"await": "registry.reply"},
            "steps[4].await",
            "no awaited event",
        ),
        ("file_at_registry", {"ball": "moon"}, "steps[4].ball", "no outside party moon"),
        ("file_at_registry", {"owner": "customer"}, "steps[4].owner", "automatic step has no owner"),
        ("file_at_registry", {"key": "risk_approval"}, "steps[4].key", "duplicate step risk_approval"),
        ("confirm_payoff", {"target": None}, "steps[0].target", "bad duration"),
    ],
)
def test_each_mistake_in_a_step_is_named(key: str, change: dict[str, Any], path: str, words: str) -> None:
    source = source_of()
    step(source, key).update(change)
    assert words in problems_of(source)[path]


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"calendar": "moon"}, "calendar", "no calendar moon"),
        ({"completes": "GONE"}, "completes", "no status GONE"),
        ({"version": 0}, "version", "positive"),
        ({"effective_from": "soon"}, "effective_from", "date"),
        ({"titel": {}}, "titel", "did you mean title?"),
        ({"withdraw": {"until": "x"}}, "withdraw.until", "no step x"),
        ({"facts": {"disputed": {"kind": "float"}}}, "facts.disputed.kind", "no kind of fact float"),
        ({"facts": {}}, "steps[3].when", "no fact for has_open_dispute: disputed"),
        (
            {"stages": [{"key": "payoff", "title": {"zh": "结", "en": "P"}}] * 2},
            "stages[1].key",
            "duplicate stage",
        ),
        ({"steps": []}, "steps", "not empty"),
        ({"statuses": {"RELEASED": {"zh": "已解押"}}}, "statuses.RELEASED", "both languages"),
    ],
)
def test_each_mistake_outside_the_steps_is_named(change: dict[str, Any], path: str, words: str) -> None:
    assert words in problems_of({**source_of(), **change})[path]


def test_a_stage_without_steps_is_a_mistake() -> None:
    source = source_of()
    source["stages"].append({"key": "party", "title": {"zh": "庆祝", "en": "Party"}})
    assert problems_of(source) == {"stages[3]": "no step belongs to stage party"}


def test_steps_that_wait_for_each_other_are_named_once() -> None:
    source = source_of()
    step(source, "collect_materials")["after"] = ["finance_approval"]
    assert problems_of(source) == {
        "steps[1].after": "steps wait for each other: collect_materials → finance_approval"
    }


def test_what_comes_behind_a_step_that_is_never_done_is_unreachable() -> None:
    source = source_of()
    step(source, "finance_approval")["outcomes"] = {"return": "collect_materials", "refuse": "close(REFUSED)"}
    assert problems_of(source) == {
        "steps[4]": "step file_at_registry is unreachable: a step before it is never done"
    }


def test_a_missing_target_and_an_assistant_of_nobody_are_mistakes() -> None:
    source = source_of()
    del step(source, "finance_approval")["target"]
    step(source, "risk_approval")["assisted_by"] = ["client_manager"]
    assert problems_of(source) == {
        "steps[2].target": "missing target",
        "steps[3].assisted_by": "only a customer's step is assisted",
    }


def test_the_hash_is_of_the_content_not_of_its_form() -> None:
    source = source_of()
    backwards = dict(reversed(list(source_of().items())))
    assert content_hash(source) == content_hash(backwards)
    step(backwards, "finance_approval")["target"] = "5h"
    assert content_hash(source) != content_hash(backwards)


def test_an_outcome_may_carry_a_label_for_its_button() -> None:
    source = source_of()
    title = {"zh": "通过", "en": "Approve"}
    step(source, "finance_approval")["outcomes"]["approve"] = {"to": "done", "title": title}
    definition = load(source, CATALOGUE)
    assert isinstance(definition, Definition)
    outcome = definition.by_key["finance_approval"].outcome("approve")
    assert outcome is not None
    assert outcome.title is not None
    assert outcome.title.zh == "通过"


def test_the_order_of_the_source_does_not_bind_the_order_of_steps() -> None:
    source = source_of()
    source["steps"].reverse()
    definition = load(source, CATALOGUE)
    assert isinstance(definition, Definition)
    keys = [one.key for one in definition.steps]
    assert all(keys.index(before) < keys.index(one.key) for one in definition.steps for before in one.after)
