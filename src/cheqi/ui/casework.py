"""What an area shows and offers on the page of a case: registered by process and step.

The desk's shell draws the frame, the action bar and the timeline; it knows no process. An area says for each
step what stands in the middle (`Panel`) and what can be done there (`Deed`), and for its process what stands
at the left (`facts`). A deed that ends the step names the outcome, so that the engine's objections to that
outcome disable its button with their sentence:

>>> panel = Panel(template="origination/desk/take_title.html", deeds=(
...     Deed(key="store", label="入库", outcome="stored", run=lambda work, given, key: None),))
>>> register("application", "take_title", panel) is panel_of("application", "take_title")
True
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.definition import Step
from cheqi.core.process.people import reference
from cheqi.foundation.workflow.queries import CaseView
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.ui.parts import CheckList, Words
from cheqi.ui.parts import Panel as FactPanel


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A case before somebody's eyes: the step they look at, who they are, what the address asks."""

    record: CaseRecord
    step: Step
    actor: Actor
    now: datetime
    asked: Mapping[str, str] = field(default_factory=dict)
    veiled: frozenset[str] = frozenset()

    @property
    def round(self) -> int:
        """The round of the step that is looked at."""
        return self.record.round_of(self.step.key)

    @property
    def is_open(self) -> bool:
        """Whether the step can still be worked on."""
        state = self.record.state.steps.get(self.step.key)
        return state is not None and state.is_open


Run = Callable[[Work, Mapping[str, Any], str], object | Refused]
"""Carries a deed out: the work, the cleaned form, a key of its own for this page view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that can be done. Without `outcome` it works within the step and has no button in the bar.

    Where there is a form it stands in a dialog, or in the page (`is_in_page`) with its button in the bar.
    `settles` names rules whose objection the form itself answers; `said` is the word after it was done;
    `when` says whether it is offered at all, for what only some cases need.
    """

    key: str
    label: Words
    run: Run
    outcome: str = ""
    form: type[forms.Form] | None = None
    form_for: Callable[[Work], forms.Form] | None = None
    is_in_page: bool = False
    is_primary: bool = False
    is_danger: bool = False
    question: Words = ""
    hint: Words = ""
    shortcut: str = ""
    settles: frozenset[str] = frozenset()
    needs_step_up: bool = False
    said: Words = ""
    when: Callable[[Work], bool] = lambda _: True


def form_of(deed: Deed, work: Work) -> forms.Form | None:
    """The deed's empty form, with what is known already."""
    if deed.form_for is not None:
        return deed.form_for(work)
    return deed.form() if deed.form else None


def objections_to(deed: Deed, work: Work, view: CaseView) -> list[Finding]:
    """What stands in the way of a deed that ends the step, without what its own form answers."""
    found = [one for one in view.actions if (one.step, one.outcome) == (work.step.key, deed.outcome)]
    return [why for one in found for why in one.why_not if why.rule not in deed.settles]


def is_by_me(work: Work, seen: int) -> bool:
    """Whether the round that was seen has been ended by who looks."""
    mine = reference(work.actor)
    return any(one.by == mine for one in work.record.state.rounds if _is(one.key, one.round, work, seen))


def overtaken(work: Work, seen: int) -> Refused | None:
    """None while the round that was seen is open; otherwise who was faster, unless that is veiled."""
    if work.is_open and seen == work.round:
        return None
    rounds = [one for one in work.record.state.rounds if _is(one.key, one.round, work, seen)]
    who = next((one.by_name for one in rounds), "") if work.step.key not in work.veiled else ""
    message = Text("这一步的情况已变化，请看过最新情况再操作", "This step has changed meanwhile: look again")
    if who:
        message = Text(
            f"{who}已先办理了这一步，请看过最新情况再操作", f"{who} has done this already: look again"
        )
    return refuse(RefusalKind.CONFLICT, "desk.overtaken", message)


def _is(key: str, number: int, work: Work, seen: int) -> bool:
    return (key, number) == (work.step.key, seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The middle of the page for one step: a template, what it shows, and the deeds."""

    template: str
    context: Callable[[Work], Mapping[str, Any]] = lambda _: {}
    deeds: tuple[Deed, ...] = ()

    def offered(self, work: Work) -> tuple[Deed, ...]:
        """The deeds of this case: without those that its version of the process does not know or need."""
        known = {"", *(one.key for one in work.step.outcomes)}
        return tuple(deed for deed in self.deeds if deed.outcome in known and deed.when(work))

    def deed(self, key: str) -> Deed | None:
        """The deed of that name."""
        return next((deed for deed in self.deeds if deed.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The left of the page: what the case is about, in a line and in panels; and who can be unmasked."""

    line: tuple[Words, ...] = ()
    checks: CheckList | None = None
    panels: tuple[FactPanel, ...] = ()
    warnings: tuple[Words, ...] = ()
    people: tuple[Any, ...] = ()


Facts = Callable[[CaseRecord, Actor, datetime], Sheet]
Reveal = Callable[[CaseRecord, str, Actor, str, datetime], str | Refused]
_panels: dict[tuple[str, str], Panel] = {}
_facts: dict[str, Facts] = {}
_reveals: dict[str, Reveal] = {}


def register(process: str, step: str, panel: Panel) -> Panel:
    """Says what a step's page is; called when the area's app is ready."""
    _panels[process, step] = panel
    return panel


def panel_of(process: str, step: str) -> Panel | None:
    """The panel of a step, or None where its area registered none."""
    return _panels.get((process, step))


def register_facts(process: str, facts: Facts, reveal: Reveal | None = None) -> None:
    """Says what stands at the left of a process's cases, and how a masked value of theirs is shown."""
    _facts[process] = facts
    if reveal is not None:
        _reveals[process] = reveal


def facts_of(record: CaseRecord, actor: Actor, now: datetime) -> Sheet:
    """The left of the page; empty where the area says nothing."""
    found = _facts.get(record.process)
    return found(record, actor, now) if found else Sheet()


def reveal_of(process: str) -> Reveal | None:
    """How a masked value of that process's cases is shown in clear, with its reason on record."""
    return _reveals.get(process)
