"""Who gets a step: the least loaded of those who may, never somebody barred, absent ones replaced.

>>> chen, lin = Candidate("STAFF:1", "陈静", 4), Candidate("STAFF:2", "林伟", 2)
>>> choose((chen, lin), barred=frozenset()).reason.zh
'自动分配给林伟：手上 2 件，为可办人员中最少'
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cheqi.core.base.text import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who holds the role: how many open steps they have, and who stands in while they are away.

    `delegate` is the reference of the stand-in, empty where an absent person named none. Somebody who
    `only_stands_in` does not hold the role and gets work only in place of an absent colleague.
    """

    reference: str
    name: str
    open_steps: int
    is_absent: bool = False
    delegate: str = ""
    only_stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The owner and why, in words for the timeline; no owner means that nobody may do it now."""

    owner: str
    name: str
    reason: Text
    in_place_of: str = ""


_NOBODY = Text("没有可以办理的人员，等待主管分配", "Nobody may do this now: a manager has to assign it")


def choose(candidates: Iterable[Candidate], barred: frozenset[str]) -> Choice:
    """The least loaded candidate, ties broken by reference so that the answer is always the same.

    An absent candidate counts as their delegate, who must not be barred either; when the delegate is
    chosen the reason says for whom.
    """
    people = {one.reference: one for one in candidates}
    options: dict[str, tuple[Candidate, str]] = {}
    for one in people.values():
        stand_in = people.get(one.delegate) if one.is_absent else one
        if (
            stand_in is None
            or stand_in.is_absent
            or not barred.isdisjoint({one.reference, stand_in.reference})
        ):
            continue
        in_place_of = one.name if stand_in is not one else ""
        known = options.get(stand_in.reference)
        if known is None or known[1]:
            options[stand_in.reference] = (stand_in, in_place_of)
    if not options:
        return Choice("", "", _NOBODY)
    chosen, in_place_of = min(
        options.values(), key=lambda option: (option[0].open_steps, option[0].reference)
    )
    return Choice(chosen.reference, chosen.name, _why(chosen, in_place_of, len(options)), in_place_of)


def _why(chosen: Candidate, in_place_of: str, number: int) -> Text:
    load = chosen.open_steps
    if in_place_of:
        return Text(
            f"自动分配给{chosen.name}：{in_place_of}不在岗，由其代理，手上 {load} 件",
            f"Assigned to {chosen.name}, who stands in for {in_place_of} and has {load} open",
        )
    if number == 1:
        return Text(
            f"自动分配给{chosen.name}：唯一可办人员，手上 {load} 件",
            f"Assigned to {chosen.name}, the only one who may do it, with {load} open",
        )
    return Text(
        f"自动分配给{chosen.name}：手上 {load} 件，为可办人员中最少",
        f"Assigned to {chosen.name}, who has the fewest open: {load}",
    )
