"""The simulation against queueing theory, against the engine's own rules, and against itself."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.catalogue import Catalogue
from cheqi.core.process.definition import Definition
from cheqi.core.process.loading import load
from cheqi.core.process.simulation.assumptions import (
    Assumptions,
    Measured,
    Span,
    Spread,
    StepAssumption,
    completed,
    with_history,
)
from cheqi.core.process.simulation.figures import Report
from cheqi.core.process.simulation.reading import read
from cheqi.core.process.simulation.running import Wish, run_of, simulate
from cheqi.core.process.tests.packs import lien_release

CN = WorkCalendar(
    "cn", "Asia/Shanghai", dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "18:00"))), 2026, 2026
)
STARTS_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TITLE = Text("试验", "Trial")
STEPS = """
process: counter
version: 1
effective_from: 2026-01-01
title: {zh: 柜台, en: Counter}
calendar: cn
stages: [{key: all, title: {zh: 全部, en: All}}]
steps:
  - {key: serve, title: {zh: 办理, en: Serve}, stage: all, owner: {role: clerk}, target: 4h}
"""
TWO_PAIRS_OF_EYES = """
  - key: check
    title: {zh: 复核, en: Check}
    stage: all
    owner: {role: clerk, not: [serve, settle]}
    target: 4h
    outcomes: {right: done, wrong: check}
  - key: settle
    title: {zh: 结清, en: Settle}
    stage: all
    after: [serve]
    owner: {role: clerk, not: [check, serve]}
    target: 4h
"""


def counter(more: str = "") -> Definition:
    """A process of one step, or of more."""
    loaded = load(
        yaml.safe_load(STEPS + more), Catalogue(roles=frozenset({"clerk"}), calendars=frozenset({"cn"}))
    )
    assert isinstance(loaded, Definition), loaded
    return loaded


def one_clerk(spread: Spread, *, busy: float, minutes: int = 20, clerks: int = 1) -> Assumptions:
    """One step that takes 20 minutes, with so many cases a day that the clerks are busy that share of it."""
    span = Span(Duration(minutes, Unit.MINUTE), spread)
    return Assumptions(
        "counter", TITLE, busy * clerks * 480 / minutes, people={"clerk": clerks},
        steps={"serve": StepAssumption(span)},
    )  # fmt: skip


def run(assumed: Assumptions, *, cases: int = 2000, seed: int = 1) -> Report:
    """The report on the process of one step."""
    return simulate(counter(), CN, assumed, Wish(cases, seed, STARTS_AT))


@pytest.mark.parametrize(
    ("spread", "share_of_it"), [(Spread.WIDE, 1.0), (Spread.FIXED, 0.5), (Spread.NARROW, 0.625)]
)
def test_one_clerk_waits_as_queueing_theory_says(spread: Spread, share_of_it: float) -> None:
    """Pollaczek and Khinchine: mean wait = (1 + c²)/2 · rho/(1 - rho) · mean service, c = spread/mean.

    M/M/1 has c = 1, M/D/1 c = 0, our narrow spread (Erlang of 4 phases) c² = 1/4. L. Kleinrock, *Queueing
    Systems*, vol. 1 (1975), eq. 5.72. At rho = 0.6 and 20 minutes M/M/1 waits 30 minutes.
    """
    report = run(one_clerk(spread, busy=0.6), cases=5000)
    assert report.steps[0].waiting.mean == pytest.approx(30 * share_of_it, rel=0.1)
    assert report.groups[0].busy_percent == pytest.approx(60, abs=2)
    assert report.steps[0].handling.mean == pytest.approx(20, rel=0.03)


def test_cases_at_hand_are_arrivals_times_the_time_that_each_takes() -> None:
    """J. D. C. Little, *A Proof for the Queuing Formula: L = lambda W*, Operations Research 9 (1961).

    Both sides are counted apart: the open cases over the working time, and each case's own lead time.
    """
    report = run(one_clerk(Spread.WIDE, busy=0.7))
    hours = CN.working_between(report.from_at, report.until_at).total_seconds() / 3600
    rate = report.measured / hours
    assert report.average_open == pytest.approx(rate * report.lead.mean / 60, rel=0.05)


def test_the_exponential_median_and_p80_come_out() -> None:
    """Of an exponential mean m the median is m·ln 2 and four fifths are below m·ln 5."""
    handling = run(one_clerk(Spread.WIDE, busy=0.3, minutes=100)).steps[0].handling
    assert handling.median == pytest.approx(69.3, rel=0.05)
    assert handling.p80 == pytest.approx(160.9, rel=0.05)


@pytest.mark.parametrize("seed", range(1, 6))
def test_one_more_person_never_lengthens_the_median_wait(seed: int) -> None:
    waits = [
        run(replace(one_clerk(Spread.NARROW, busy=0.9), people={"clerk": clerks}), cases=400, seed=seed)
        .steps[0]
        .waiting.median
        for clerks in (1, 2, 3)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[2]


def test_the_same_seed_gives_the_same_report_and_another_one_another() -> None:
    assumed = one_clerk(Spread.WIDE, busy=0.8)
    assert run(assumed, cases=200) == run(assumed, cases=200)
    assert run(assumed, cases=200) != run(assumed, cases=200, seed=2)


def test_four_eyes_are_kept_however_long_the_lists_are() -> None:
    definition = counter(TWO_PAIRS_OF_EYES)
    shares = {"check": StepAssumption(outcomes=(("right", 7.0), ("wrong", 3.0)))}
    assumed = Assumptions("counter", TITLE, 12, people={"clerk": 4}, steps=shares)
    found = run_of(definition, CN, assumed, Wish(300, 1, STARTS_AT))
    doers: dict[int, dict[str, set[str]]] = {}
    for one in found.rounds:
        if one.outcome and one.person:
            doers.setdefault(one.case, {}).setdefault(one.step.key, set()).add(one.person.reference)
    settled = [by_step for by_step in doers.values() if "settle" in by_step]
    assert len(settled) > 250
    assert all(by_step["serve"].isdisjoint(by_step.get("check", set())) for by_step in doers.values())
    assert all(by_step["settle"].isdisjoint(by_step["check"] | by_step["serve"]) for by_step in settled)


def test_a_step_that_nobody_may_do_stays_open_and_is_said() -> None:
    alone = Assumptions("counter", TITLE, 5, people={"clerk": 1})
    report = simulate(counter(TWO_PAIRS_OF_EYES), CN, alone, Wish(50, 1, STARTS_AT))
    assert (report.open_at_end, report.lacking_people) == (50, 50)
    assert report.endings == {}


def test_returns_open_new_rounds_in_the_share_that_is_assumed() -> None:
    shares = {
        "finance_approval": StepAssumption(outcomes=(("approve", 6.0), ("return", 3.0), ("refuse", 1.0)))
    }
    assumed = Assumptions("lien_release", TITLE, 10, steps=shares, facts={"disputed": ((False, 1.0),)})
    report = simulate(lien_release(), CN, assumed, Wish(800, 1, STARTS_AT))
    by_key = {one.key: one for one in report.steps}
    # a case is approved or refused after 1/(1 - 0.3) rounds on average
    assert by_key["finance_approval"].rounds == pytest.approx(800 / 0.7, rel=0.04)
    assert by_key["finance_approval"].returns == by_key["collect_materials"].rounds - 800
    assert report.endings["REFUSED"] == pytest.approx(800 / 7, rel=0.1)
    assert report.endings["REFUSED"] + report.endings["RELEASED"] == 800
    assert by_key["risk_approval"].rounds == 0


def test_a_case_that_goes_in_circles_is_open_at_the_end_and_said() -> None:
    shares = {"finance_approval": StepAssumption(outcomes=(("return", 1.0),))}
    span = StepAssumption(Span(Duration(1, Unit.MINUTE), Spread.FIXED))
    assumed = Assumptions("lien_release", TITLE, 1, steps={**shares, "collect_materials": span})
    report = simulate(lien_release(), CN, assumed, Wish(3, 1, STARTS_AT))
    assert (report.open_at_end, report.in_circles) == (3, 3)


def test_people_work_in_working_hours_only() -> None:
    found = run_of(counter(), CN, one_clerk(Spread.FIXED, busy=0.9), Wish(100, 1, STARTS_AT))
    for one in found.rounds:
        assert one.started_at is not None
        assert one.ended_at is not None
        assert CN.working_between(one.started_at, one.ended_at).total_seconds() == pytest.approx(1200)
        assert CN.is_workday(one.ended_at.date())


def test_what_nobody_said_comes_from_the_target_and_is_named() -> None:
    whole = completed(Assumptions("counter", TITLE, 20), counter(), CN)
    assert whole.steps["serve"].span == Span(Duration(30, Unit.MINUTE), Spread.NARROW)
    assert whole.people == {
        "clerk": 2
    }  # 20 times half an hour is ten hours: 1.25 days, at four fifths 1.6 people
    assert whole.derived == ("steps.serve", "people.clerk")


def test_measured_times_replace_assumed_ones_but_not_the_touch_time_of_a_role() -> None:
    measured = {
        "collect_materials": Measured(tuple(range(60, 120)), {"done": 60}),
        "finance_approval": Measured((500,) * 60, {"approve": 45, "return": 15}),
        "file_at_registry": Measured((7,) * 29, {"done": 29}),
    }
    assumed = with_history(Assumptions("lien_release", TITLE), lien_release(), measured)
    assert assumed.steps["finance_approval"] == StepAssumption(outcomes=(("approve", 45.0), ("return", 15.0)))
    assert "file_at_registry" not in assumed.steps
    report = simulate(lien_release(), CN, assumed, Wish(300, 1, STARTS_AT))
    customer = next(one for one in report.steps if one.key == "collect_materials")
    assert 85 <= customer.handling.median <= 95
    assert customer.handling.p80 <= 120


RIGHT: dict[str, Any] = {
    "process": "lien_release",
    "title": {"zh": "试验", "en": "Trial"},
    "a_day": 4,
    "desk": {"fact": "disputed", "value": True, "role": "client_manager"},
    "facts": {"disputed": {True: 1, False: 3}},
    "people": {"finance+risk": 2},
    "steps": {
        "finance_approval": {
            "work": {"mean": "30min", "spread": "wide"},
            "outcomes": {"approve": 9, "return": 1},
        },
        "collect_materials": {"takes": "1cd", "facts": {"disputed": {True: 1, False: 9}}},
        "risk_approval": {"follows": [{"after": {"finance_approval": "approve"}, "outcome": "approve"}]},
    },
}


def test_a_right_file_is_read_whole() -> None:
    found = read(RIGHT, lien_release())
    assert isinstance(found, Assumptions), found
    assert found.facts == {"disputed": ((True, 1.0), (False, 3.0))}
    assert found.steps["finance_approval"].span == Span(Duration(30, Unit.MINUTE), Spread.WIDE)
    assert found.steps["collect_materials"].span == Span(Duration(1, Unit.CALENDAR_DAY), Spread.WIDE)
    report = simulate(lien_release(), CN, found, Wish(100, 1, STARTS_AT))
    assert report.endings == {"RELEASED": 100}
    assert [one.group for one in report.groups] == ["finance+risk"]


def test_a_bad_file_names_every_mistake_at_once() -> None:
    wrong = {
        **RIGHT,
        "process": "other",
        "a_day": 0,
        "cases": 10,
        "facts": {"weather": 1, "disputed": {"maybe": 1}},
        "people": {"wizard": 1, "finance": 0},
        "steps": {
            "finance_approval": {"takes": "1h", "outcomes": {"shrug": 1, "approve": -1}},
            "collect_materials": {"takes": {"mean": "soon", "spread": "odd"}},
            "risk_approval": {"follows": [{"after": {"nothing": "x"}, "outcome": "shrug"}]},
            "no_such_step": {},
        },
    }
    found = read(wrong, lien_release())
    assert isinstance(found, tuple)
    assert sorted(one.path for one in found if isinstance(one, Problem)) == [
        "a_day",
        "cases",
        "facts.disputed.maybe",
        "facts.weather",
        "people.finance",
        "people.wizard",
        "process",
        "steps.collect_materials.takes.mean",
        "steps.collect_materials.takes.spread",
        "steps.finance_approval.outcomes.approve",
        "steps.finance_approval.outcomes.shrug",
        "steps.finance_approval.takes",
        "steps.no_such_step",
        "steps.risk_approval.follows[0].after.nothing",
        "steps.risk_approval.follows[0].outcome",
    ]
