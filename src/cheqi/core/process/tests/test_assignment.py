"""Who gets a step."""

from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.process.assignment import Candidate, choose

CHEN = Candidate("STAFF:1", "陈静", 4)
LIN = Candidate("STAFF:2", "林伟", 2)
ZHOU = Candidate("STAFF:3", "周敏", 2)


def test_the_least_loaded_gets_it() -> None:
    choice = choose((CHEN, LIN), frozenset())
    assert choice.owner == "STAFF:2"
    assert choice.reason.zh == "自动分配给林伟：手上 2 件，为可办人员中最少"


def test_a_tie_is_always_broken_the_same_way() -> None:
    assert choose((ZHOU, LIN), frozenset()).owner == choose((LIN, ZHOU), frozenset()).owner == "STAFF:2"


def test_who_is_barred_never_gets_it() -> None:
    choice = choose((CHEN, LIN), frozenset({"STAFF:2"}))
    assert choice.owner == "STAFF:1"
    assert choice.reason.zh == "自动分配给陈静：唯一可办人员，手上 4 件"


def test_an_absent_colleague_is_replaced_by_the_delegate() -> None:
    away = Candidate("STAFF:4", "吴芳", 0, is_absent=True, delegate="STAFF:1")
    choice = choose((CHEN, away), frozenset())
    assert (choice.owner, choice.in_place_of) == ("STAFF:1", "")
    alone = Candidate("STAFF:5", "郑凯", 9, is_absent=True, delegate="STAFF:6")
    stand_in = Candidate("STAFF:6", "孙悦", 1)
    assert choose((alone, stand_in), frozenset()).owner == "STAFF:6"


def test_nobody_stands_in_for_somebody_barred() -> None:
    away = Candidate("STAFF:4", "吴芳", 0, is_absent=True, delegate="STAFF:1")
    assert choose((away, LIN), frozenset({"STAFF:4"})).owner == "STAFF:2"
    assert choose((away,), frozenset()).owner == ""


def test_an_absent_colleague_without_delegate_gets_nothing_and_the_reason_says_what_to_do() -> None:
    choice = choose((Candidate("STAFF:4", "吴芳", 0, is_absent=True),), frozenset())
    assert choice.owner == ""
    assert choice.reason.zh == "没有可以办理的人员，等待主管分配"


people = st.builds(
    Candidate,
    st.integers(1, 8).map("STAFF:{}".format),
    st.just("某人"),
    st.integers(0, 5),
    st.booleans(),
    st.integers(1, 8).map("STAFF:{}".format),
)


@given(st.lists(people, max_size=8, unique_by=lambda one: one.reference), st.sets(st.integers(1, 8)))
def test_the_choice_is_never_barred_or_absent_and_there_is_one_when_somebody_may(
    candidates: list[Candidate], numbers: set[int]
) -> None:
    barred = frozenset(f"STAFF:{number}" for number in numbers)
    choice = choose(candidates, barred)
    free = [one for one in candidates if not one.is_absent and one.reference not in barred]
    assert bool(choice.owner) == bool(free)
    if free:
        assert choice.owner in {one.reference for one in free}
        assert next(one for one in free if one.reference == choice.owner).open_steps == min(
            one.open_steps for one in free
        )
