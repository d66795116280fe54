"""A case as one value: its row and the state of its steps. What operations, guards and materials get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import Actor
from cheqi.core.process.definition import Definition, FactValue
from cheqi.core.process.state import CaseState


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case. By (step key, round): `row_ids` are the step rows, `data` what each left behind, `due` when
    the open ones are due, `owners` the names of those who have them."""

    id: int
    number: str
    process: str
    version: int
    branch_id: int | None
    party_id: int | None
    subject_kind: str
    subject_id: int | None
    value_fen: int
    opened_at: datetime
    created_by_name: str
    definition: Definition
    state: CaseState
    row_ids: Mapping[tuple[str, int], int] = field(default_factory=dict)
    data: Mapping[tuple[str, int], Mapping[str, Any] | None] = field(default_factory=dict)
    due: Mapping[tuple[str, int], datetime | None] = field(default_factory=dict)
    owners: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """The status of the case."""
        return self.state.status

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """What is known about the case."""
        return self.state.facts

    def is_at(self, step: str) -> bool:
        """Whether a step of the case waits for somebody."""
        found = self.state.steps.get(step)
        return found is not None and found.is_open

    def outcome_of(self, step: str) -> str:
        """The outcome of the latest round of a step; empty while there is none."""
        found = self.state.steps.get(step)
        return found.outcome if found else ""

    def data_of(self, step: str) -> Mapping[str, Any]:
        """What the latest round of a step left behind."""
        found = self.state.steps.get(step)
        return (self.data.get((step, found.round)) if found else None) or {}

    def round_of(self, step: str) -> int:
        """The latest round of a step, 0 before it was reached."""
        found = self.state.steps.get(step)
        return found.round if found else 0


def sees(actor: Actor, *, case_id: int, branch_id: int | None, party_id: int | None) -> bool:
    """Whether the case is in the actor's scope: the same answer as `staff.scopes.visible` gives."""
    scope = actor.scope
    return (
        scope.everything
        or (branch_id is not None and branch_id in scope.branch_ids)
        or (party_id is not None and party_id == scope.party_id)
        or case_id in scope.case_ids
    )
