"""What a process adds to the customer's tracker: its headline, what waits for the customer, where else to go.

The tracker itself is the same for every process; an area registers its part under the process's name:

>>> @face_of("application", fingerprint=lambda case, actor: "")           # doctest: +SKIP
... def application(case: TrackedCase, actor: Actor, now: datetime) -> Face: ...

`fingerprint` is cheap: a word that changes whenever the face would, for the tag of conditional polling.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import Actor
from cheqi.core.process.definition import Definition
from cheqi.ui.choices import Badge
from cheqi.ui.parts import KeyFacts, Words


@dataclass(frozen=True, slots=True)
class TrackedCase:
    """A case as the tracker knows it; `answer` is the decoded progress."""

    case_id: int
    number: str
    answer: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether it is still under way."""
        return bool(self.answer["is_open"])

    @property
    def open_steps(self) -> frozenset[str]:
        """The keys of the steps that wait for somebody."""
        return frozenset(step["step"] for step in self.answer["now"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that waits for the customer, as one card; `template` draws `card` inside of it."""

    key: str
    title: Words
    text: Words = ""
    action_label: Words = ""
    action_url: str = ""
    template: str = ""
    card: object = None


@dataclass(frozen=True, slots=True)
class Link:
    """A way on from the tracker."""

    label: Words
    url: str
    icon: str
    note: Words = ""
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a closed case ended, in plain words, and what can be done now."""

    title: Words
    sentences: tuple[Words, ...] = ()
    reasons: tuple[Words, ...] = ()
    links: tuple[Link, ...] = ()
    badge: Badge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The part of the tracker that only the process knows: `notes` are what happened that everybody waits
    on, `definition` is there where it had the case at hand."""

    what: Words = ""
    asks: tuple[Ask, ...] = ()
    waits: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    facts: KeyFacts | None = None
    links: tuple[Link, ...] = ()
    ending: Ending | None = None
    withdraw_url: str = ""
    definition: Definition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A case in which somebody takes part beside its customer: what they may see of it, what they are asked.

    Of `case` only number, stages and whether it is open are shown; whose case it is `whose` says, masked.
    """

    case: TrackedCase
    role: Words
    whose: Words
    what: Words
    sentence: Words
    asks: tuple[Ask, ...] = ()
    links: tuple[Link, ...] = ()


PartsOf = Callable[[Actor, datetime], tuple[Part, ...]]
_parts: list[PartsOf] = []


def parts_of(maker: PartsOf) -> PartsOf:
    """Registers where somebody takes part in another's case; call it from an app's `ready()`."""
    _parts.append(maker)
    return maker


def parts(actor: Actor, now: datetime) -> tuple[Part, ...]:
    """Every case of others in which the actor takes part, newest first; none for who came by a link."""
    if actor.scope.party_id is None:
        return ()
    return tuple(part for maker in _parts for part in maker(actor, now))


Maker = Callable[[TrackedCase, Actor, datetime], Face]
Fingerprint = Callable[[TrackedCase, Actor], str]
_faces: dict[str, tuple[Maker, Fingerprint]] = {}


def face_of(process: str, *, fingerprint: Fingerprint) -> Callable[[Maker], Maker]:
    """Registers a process's part of the tracker; call it from an app's `ready()`."""

    def register(maker: Maker) -> Maker:
        _faces[process] = (maker, fingerprint)
        return maker

    return register


def face(case: TrackedCase, actor: Actor, now: datetime) -> Face:
    """The process's part; an empty one where it has none."""
    found = _faces.get(case.answer["process"])
    return found[0](case, actor, now) if found else Face()


def fingerprint(case: TrackedCase, actor: Actor) -> str:
    """What the tag of conditional polling takes in beside the progress."""
    found = _faces.get(case.answer["process"])
    return found[1](case, actor) if found else ""
