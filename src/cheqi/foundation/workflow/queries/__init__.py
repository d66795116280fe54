"""What pages read of cases. Every query takes an actor and shows what is in the actor's scope."""

from cheqi.foundation.workflow.queries.board import StageColumn, board
from cheqi.foundation.workflow.queries.case import Action, CaseView, RoundView, StepView, case_view
from cheqi.foundation.workflow.queries.cases import (
    CaseFilters,
    CaseLine,
    case_count,
    cases,
    step_figures,
    versions_of,
)
from cheqi.foundation.workflow.queries.lines import WorkLine
from cheqi.foundation.workflow.queries.queue import (
    QueueFilters,
    QueuePage,
    Whose,
    queue,
    steps_by_id,
    waiting_counts,
)
from cheqi.foundation.workflow.queries.tracking import (
    Escalated,
    TrackerAnswer,
    escalated,
    progress,
    progress_by_number,
    progress_of_mine,
)

__all__ = [
    "Action",
    "CaseFilters",
    "CaseLine",
    "CaseView",
    "Escalated",
    "QueueFilters",
    "QueuePage",
    "RoundView",
    "StageColumn",
    "StepView",
    "TrackerAnswer",
    "Whose",
    "WorkLine",
    "board",
    "case_count",
    "case_view",
    "cases",
    "escalated",
    "progress",
    "progress_by_number",
    "progress_of_mine",
    "queue",
    "step_figures",
    "steps_by_id",
    "versions_of",
    "waiting_counts",
]
