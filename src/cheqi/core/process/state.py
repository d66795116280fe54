"""Where a case stands: the latest round of each step that was opened, the facts, who opened it.

A step that is not in `steps` has not been reached. Older rounds are kept in `past`, never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cheqi.core.process.definition import Ball, FactValue

NEW = "NEW"
OPEN = "OPEN"
"""The two statuses of a case that every process has; all others are final and named by its pack."""


class StepStatus(StrEnum):
    """What became of one round of a step."""

    OPEN = "OPEN"
    DONE = "DONE"
    SKIPPED = "SKIPPED"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"


SATISFIED = frozenset({StepStatus.DONE, StepStatus.SKIPPED})


@dataclass(frozen=True, slots=True)
class StepState:
    """One round of a step. People are references such as `STAFF:12`; `for_whom` are absent colleagues,
    joined by commas, in whose place it was done; `escalated` is how many levels it went up after its target
    was missed."""

    key: str
    round: int
    status: StepStatus
    ball: Ball
    opened_at: datetime
    owner: str = ""
    finished_at: datetime | None = None
    outcome: str = ""
    by: str = ""
    by_name: str = ""
    for_whom: str = ""
    has_run: bool = False
    reminded: int = 0
    is_breached: bool = False
    escalated: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status is StepStatus.OPEN


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case: `status` is NEW, OPEN or final; `creators` are who opened it and whom they stood in for."""

    status: str = NEW
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    creators: frozenset[str] = frozenset()
    steps: Mapping[str, StepState] = field(default_factory=dict)
    past: tuple[StepState, ...] = ()
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the case is being worked on."""
        return self.status == OPEN

    @property
    def rounds(self) -> tuple[StepState, ...]:
        """Every round of every step."""
        return (*self.past, *self.steps.values())
