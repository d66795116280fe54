"""Who gets the work in the walked history: the least loaded of those who may, as in the live system."""

from collections import Counter
from dataclasses import dataclass, field

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.process.assignment import Candidate, Choice, choose
from cheqi.core.process.definition import Step
from cheqi.core.process.people import barred
from cheqi.core.process.state import CaseState
from cheqi.demo.lender import PEOPLE, DemoLender


@dataclass
class Desk:
    """The people of one branch, and those of all branches, with the work that each was given."""

    lender: DemoLender
    branch: str
    given: Counter[str] = field(default_factory=Counter)

    def choose(self, step: Step, state: CaseState) -> Choice:
        """Who gets the step, and why."""
        able = [
            Candidate(f"STAFF:{self.lender.members[login].pk}", name, self.given[login] // 20)
            for login, name, branch, roles in PEOPLE
            if step.owner.role in roles and branch in {self.branch, None}
        ]
        chosen = choose(able, barred(step, state))
        for login, name, _, _ in PEOPLE:
            if name == chosen.name:
                self.given[login] += 1
        return chosen

    def actor(self, owner: str, role: str) -> Actor:
        """The colleague with that reference, in that role."""
        member_id = int(owner.partition(":")[2])
        name = next(one.name for one in self.lender.members.values() if one.pk == member_id)
        return Actor(ActorKind.STAFF, str(member_id), name, frozenset({role}))

    def manager(self) -> Actor:
        """The client manager who enters applications at the desk."""
        for login, _, branch, roles in PEOPLE:
            if branch == self.branch and "client_manager" in roles:
                return self.actor(f"STAFF:{self.lender.members[login].pk}", "client_manager")
        return SYSTEM
