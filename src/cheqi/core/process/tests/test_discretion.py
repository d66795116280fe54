"""What one of two independent deciders decided stays veiled until the other has decided too."""

import dataclasses

from cheqi.core.process.definition import Definition, Owner
from cheqi.core.process.discretion import independent, veiled
from cheqi.core.process.tests.packs import CUSTOMER, FINANCE, MANAGER, RISK, Walk, lien_release

SIDES = ("finance_approval", "risk_approval")


def side_by_side() -> Definition:
    """The lien release with finance and risk barring each other."""
    definition = lien_release()
    steps = tuple(
        dataclasses.replace(step, owner=_barring(step.owner, next(one for one in SIDES if one != step.key)))
        if step.key in SIDES
        else step
        for step in definition.steps
    )
    return dataclasses.replace(definition, steps=steps)


def _barring(owner: Owner, other: str) -> Owner:
    return dataclasses.replace(owner, barred=(*owner.barred, other))


def in_approval() -> Walk:
    walk = Walk(side_by_side(), disputed=True)
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", CUSTOMER)
    return walk


def test_steps_are_independent_when_each_bars_who_did_the_other() -> None:
    definition = side_by_side()
    assert independent(definition, "finance_approval") == {"risk_approval"}
    assert independent(definition, "risk_approval") == {"finance_approval"}
    assert independent(definition, "collect_materials") == frozenset()


def test_barring_on_one_side_alone_veils_nothing() -> None:
    definition = lien_release()
    assert independent(definition, "finance_approval") == frozenset()


def test_nothing_is_veiled_before_anybody_decided() -> None:
    walk = in_approval()
    assert veiled(walk.definition, walk.state, RISK) == frozenset()


def test_the_second_does_not_see_what_the_first_decided_but_the_first_does() -> None:
    walk = in_approval()
    walk.finish("finance_approval", FINANCE, "approve")
    assert veiled(walk.definition, walk.state, RISK) == {"finance_approval"}
    assert veiled(walk.definition, walk.state, MANAGER) == {"finance_approval"}
    assert veiled(walk.definition, walk.state, FINANCE) == frozenset()


def test_everybody_sees_both_once_both_decided() -> None:
    walk = in_approval()
    walk.finish("finance_approval", FINANCE, "approve")
    walk.finish("risk_approval", RISK, "approve")
    assert veiled(walk.definition, walk.state, MANAGER) == frozenset()
