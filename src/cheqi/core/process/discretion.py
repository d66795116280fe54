"""Four eyes that see for themselves: what one decided is not shown while the other still decides.

Two steps are independent of each other when each bars who did the other (`owner: {not: [...]}` on both
sides). While one of them is open, the outcome of the other is veiled from everybody but who gave it, so
that the second person decides without knowing what the first decided.
"""

from cheqi.core.base.actors import Actor
from cheqi.core.process.definition import Definition
from cheqi.core.process.people import references
from cheqi.core.process.state import CaseState


def independent(definition: Definition, step: str) -> frozenset[str]:
    """The steps that are decided beside this one without knowing its outcome."""
    barred = definition.by_key[step].owner.barred
    return frozenset(
        key for key in barred if key in definition.by_key and step in definition.by_key[key].owner.barred
    )


def veiled(definition: Definition, state: CaseState, actor: Actor) -> frozenset[str]:
    """The steps whose outcome the actor must not see now.

    A step is veiled while an independent one is open, or has yet to open in this round, and the actor is
    not the one who did it.
    """
    eyes = references(actor)
    found = set()
    for key, done in state.steps.items():
        if done.is_open or key not in definition.by_key or not done.by or done.by in eyes:
            continue
        others = (state.steps.get(other) for other in independent(definition, key))
        if state.is_open and any(other is not None and other.is_open for other in others):
            found.add(key)
    return frozenset(found)
