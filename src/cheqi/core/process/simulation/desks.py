"""People at work: each has a list of what was given to them and does one thing at a time.

As at the desk, a step is given when it opens to the least loaded who may do it, and everybody takes what is
due first. A round that is called off, because the work went back or the case closed, leaves the list; if it
is being worked on, it is put down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.process.assignment import Candidate, Choice, choose
from cheqi.core.process.definition import Step


@dataclass(slots=True)
class Round:
    """One round of a step on its way: opened, given to somebody, begun, over."""

    case: int
    step: Step
    number: int
    opened_at: datetime
    person: "Person | None" = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    is_off: bool = False


@dataclass(slots=True)
class Person:
    """Somebody of a group, what they have, and when they worked on it."""

    actor: Actor
    group: str
    reference: str
    listed: list[tuple[datetime, int, Round]] = field(default_factory=list)
    at_work: Round | None = None
    open_steps: int = 0
    worked: list[tuple[datetime, datetime]] = field(default_factory=list)

    def put_down(self, now: datetime) -> None:
        """Ends what is being worked on."""
        assert self.at_work is not None
        assert self.at_work.started_at is not None
        self.worked.append((self.at_work.started_at, now))
        self.at_work = None


class Desks:
    """Everybody who works, found by role."""

    def __init__(self, groups: Mapping[str, int]) -> None:
        self.people: list[Person] = []
        for group, count in groups.items():
            for number in range(1, count + 1):
                self.people.append(_person(len(self.people) + 1, group, number))
        self._by_reference = {person.reference: person for person in self.people}

    def choose(self, role: str, barred: frozenset[str]) -> Person | None:
        """The least loaded of a role who may; nobody where all are barred or the role is empty."""
        able = [
            Candidate(one.reference, one.actor.name, one.open_steps)
            for one in self.people
            if one.actor.has_role(role)
        ]
        choice: Choice = choose(able, barred)
        return self._by_reference.get(choice.owner)

    def give(self, found: Round, person: Person, due_at: datetime, order: int) -> None:
        """Puts a round on somebody's list."""
        found.person = person
        person.open_steps += 1
        heappush(person.listed, (due_at, order, found))

    def next_of(self, person: Person) -> Round | None:
        """What the person takes up next: what is due first."""
        while person.listed:
            found = heappop(person.listed)[2]
            if not found.is_off and found.person is person:
                return found
        return None


def _person(number: int, group: str, place: int) -> Person:
    roles = frozenset(group.split("+"))
    actor = Actor(ActorKind.STAFF, str(number), f"{group} {place}", roles, Scope(everything=True))
    return Person(actor, group, f"{ActorKind.STAFF.value}:{number}")
