"""Who may do a step, and who may not because four eyes are asked for.

A person is written as a reference, `STAFF:12`. Somebody who works under a delegation counts as two:
themselves and the absent colleague, so that a pair of eyes is never counted twice.
"""

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.process.definition import Definition, OwnerKind, Step
from cheqi.core.process.state import CaseState


def reference(actor: Actor) -> str:
    """The actor as a stable reference.

    >>> reference(Actor(ActorKind.STAFF, "12", "陈静"))
    'STAFF:12'
    """
    return f"{actor.kind.value}:{actor.id}"


def references(actor: Actor) -> frozenset[str]:
    """The actor and, under delegations, the absent colleagues (`acting_for` joins their ids by commas)."""
    absent = actor.acting_for.split(",") if actor.acting_for else []
    return frozenset({reference(actor), *(f"{ActorKind.STAFF.value}:{one}" for one in absent)})


def barred(step: Step, state: CaseState) -> frozenset[str]:
    """Everybody who may not do this step: the creator or the doers of the steps that it names.

    Every round counts: who decided in an earlier round may not check themselves in a later one.
    """
    found: set[str] = set()
    if "creator" in step.owner.barred:
        found |= state.creators
    for done in state.rounds:
        if done.key in step.owner.barred and done.by:
            found.add(done.by)
            found.update(done.for_whom.split(",") if done.for_whom else ())
    return frozenset(found)


def may_do(step: Step, actor: Actor) -> bool:
    """Whether the actor's kind and roles fit the owner of the step."""
    if step.owner.kind is OwnerKind.CUSTOMER:
        return actor.kind is ActorKind.CUSTOMER or actor.has_role(*step.owner.assisted_by)
    if step.owner.kind is OwnerKind.ROLE:
        return actor.has_role(step.owner.role)
    return actor.kind is ActorKind.SYSTEM


def may_withdraw(definition: Definition, actor: Actor) -> bool:
    """The customer, the system on the customer's word, or who may help with one of the customer's steps."""
    helpers = {role for step in definition.steps for role in step.owner.assisted_by}
    return actor.kind in {ActorKind.CUSTOMER, ActorKind.SYSTEM} or actor.has_role(*helpers)
