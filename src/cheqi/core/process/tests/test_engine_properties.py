"""What holds for every process, everybody and every order of events."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Refused
from cheqi.core.process import inputs
from cheqi.core.process.catalogue import Catalogue, Predicate
from cheqi.core.process.changes import Changes, reduce
from cheqi.core.process.definition import Ball, Definition, Facts
from cheqi.core.process.engine import advance
from cheqi.core.process.loading import load
from cheqi.core.process.state import SATISFIED, CaseState, StepStatus
from cheqi.core.process.tests.packs import CUSTOMER, NOW, staff

LABEL = {"zh": "标签", "en": "Label"}
FACTS = ("f0", "f1")


def _predicate(name: str) -> Predicate:
    def holds(facts: Facts) -> bool:
        return facts.get(name) is True

    return Predicate(holds, (name,))


CATALOGUE = Catalogue(
    operations=frozenset({"op"}),
    predicates={name: _predicate(name) for name in FACTS},
    materials=frozenset({"some"}),
    roles=frozenset({"r0", "r1"}),
    calendars=frozenset({"cn"}),
    awaited=frozenset({"e0", "e1"}),
)
PEOPLE = (
    CUSTOMER,
    SYSTEM,
    staff("1", "r0"),
    staff("2", "r1"),
    staff("3", "r0", "r1"),
    staff("4", "r0", acting_for="1"),
)
KINDS: tuple[dict[str, Any], ...] = (
    {"owner": "customer", "materials": {"from": "some"}, "remind": ["1d"]},
    {"owner": {"role": "r0", "not": ["creator"]}},
    {"owner": {"role": "r1"}},
    {"run": "op"},
    {"run": "op", "await": "e0", "ball": "bank"},
    {"await": "e1", "ball": "registry"},
)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A random process of up to six steps, with returns to any earlier step."""
    number = draw(st.integers(1, 6))
    steps: list[dict[str, Any]] = []
    before: list[set[str]] = []
    for place in range(number):
        after = sorted(draw(st.sets(st.integers(0, place - 1), max_size=2))) if place else []
        before.append({f"s{place}"}.union(*(before[other] for other in after)))
        outcomes = {"go": "done"}
        if draw(st.booleans()):
            outcomes["back"] = draw(st.sampled_from(sorted(before[place])))
        if draw(st.booleans()):
            outcomes["end"] = "close(LOST)"
        step = {
            "key": f"s{place}",
            "title": LABEL,
            "stage": "all",
            "target": "4h",
            "after": [f"s{other}" for other in after],
            "outcomes": outcomes,
            "on_breach": ["notify_customer"],
            **draw(st.sampled_from(KINDS)),
        }
        if draw(st.booleans()):
            name = draw(st.sampled_from(FACTS))
            step["when"] = draw(st.sampled_from((name, {"not": name})))
        steps.append(step)
    source = {
        "process": "random",
        "version": 1,
        "effective_from": "2026-01-01",
        "title": LABEL,
        "calendar": "cn",
        "facts": {name: {"kind": "boolean"} for name in FACTS},
        "stages": [{"key": "all", "title": LABEL}],
        "statuses": {"LOST": LABEL},
        "withdraw": {"until": f"s{number - 1}"},
        "steps": steps,
    }
    definition = load(source, CATALOGUE)
    assert isinstance(definition, Definition), definition
    return definition


keys = st.integers(0, 6).map("s{}".format)
rounds = st.integers(1, 3)
people = st.sampled_from(PEOPLE)
outcomes = st.sampled_from(("", "go", "go", "back", "end", "nonsense"))
facts = st.dictionaries(st.sampled_from((*FACTS, "unknown")), st.booleans(), max_size=2)
good_facts = st.dictionaries(st.sampled_from(FACTS), st.booleans(), max_size=2)
events: st.SearchStrategy[inputs.Input] = st.one_of(
    st.builds(inputs.FinishStep, keys, rounds, people, outcomes, st.just(""), good_facts),
    st.builds(inputs.RanOperation, keys, rounds, st.just(SYSTEM), outcomes, good_facts),
    st.builds(
        inputs.Signal,
        st.sampled_from(("e0", "e1", "e2")),
        st.just(SYSTEM),
        outcomes,
        good_facts,
        keys,
        rounds,
    ),
    st.builds(inputs.CompleteMaterials, keys, rounds, people),
    st.builds(inputs.GiveFacts, people, facts),
    st.builds(inputs.Assign, keys, rounds, st.sampled_from(("STAFF:1", "STAFF:2")), people),
    st.builds(inputs.PassBall, keys, rounds, st.sampled_from(Ball), people),
    st.builds(inputs.Withdraw, people),
    st.builds(inputs.Close, people, st.sampled_from(("LOST", "DONE", "NOWHERE"))),
    st.builds(inputs.ReachTime, keys, rounds, st.sampled_from(inputs.Moment), st.integers(0, 2)),
)


def legal(state: CaseState, by: Actor) -> list[inputs.Input]:
    """Inputs that have a good chance, so that walks get far."""
    found: list[inputs.Input] = []
    for step in state.steps.values():
        if step.is_open:
            found.append(inputs.FinishStep(step.key, step.round, by, "go"))
            found.append(inputs.RanOperation(step.key, step.round, SYSTEM))
            found += [inputs.Signal(name, SYSTEM, "go", {}, step.key, step.round) for name in ("e0", "e1")]
    return found


def check(definition: Definition, state: CaseState) -> None:
    """What must hold at all times."""
    seen = [(step.key, step.round) for step in state.rounds]
    assert len(seen) == len(set(seen))
    for step in definition.steps:
        mine = [one for one in state.rounds if one.key == step.key]
        assert sum(one.is_open for one in mine) <= 1
        assert all(one.status is StepStatus.SUPERSEDED for one in mine if one in state.past)
        current = state.steps.get(step.key)
        if current and current.status in SATISFIED | {StepStatus.OPEN}:
            assert all(state.steps[before].status in SATISFIED for before in step.after)
    if state.closed_at:
        assert not any(step.is_open for step in state.rounds)
        assert not state.is_open


@settings(max_examples=120, deadline=None)
@given(definitions(), good_facts, st.data())
def test_no_order_of_events_breaks_a_case(
    definition: Definition, known: dict[str, bool], data: st.DataObject
) -> None:
    state = CaseState()
    todo: list[inputs.Input] = [inputs.OpenCase(data.draw(people), known)]
    for place in range(data.draw(st.integers(1, 25))):
        if not todo:
            options = legal(state, data.draw(people))
            is_lucky = bool(options) and data.draw(st.booleans())
            todo = [data.draw(st.sampled_from(options) if is_lucky else events)]
        event, now = todo.pop(), NOW + timedelta(minutes=place)
        answer = advance(definition, state, event, now)
        if isinstance(answer, Refused):
            assert answer.findings
            continue
        if state.closed_at:
            assert answer == Changes((), state)
        replayed = state
        for change in answer.items:
            replayed = reduce(replayed, change)
        assert replayed == answer.state
        check(definition, answer.state)
        again = advance(definition, answer.state, event, now)
        assert isinstance(again, Refused) or again == Changes((), answer.state)
        state = answer.state


@settings(max_examples=60, deadline=None)
@given(definitions(), good_facts)
def test_a_case_in_which_everybody_does_their_work_comes_to_its_end(
    definition: Definition, known: dict[str, bool]
) -> None:
    opened = advance(definition, CaseState(), inputs.OpenCase(PEOPLE[1], known), NOW)
    assert isinstance(opened, Changes)
    state = opened.state
    for _ in range(60):
        if not state.is_open:
            break
        for event in [option for by in (CUSTOMER, SYSTEM, PEOPLE[4]) for option in legal(state, by)]:
            answer = advance(definition, state, event, NOW)
            if isinstance(answer, Changes) and answer.items:
                state = answer.state
                break
    assert state.status == "DONE"
