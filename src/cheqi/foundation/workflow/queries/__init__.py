"""What pages read of cases. Every query takes an actor and shows what is in the actor's scope."""

from cheqi.foundation.workflow.queries.board import StageColumn, board
from cheqi.foundation.workflow.queries.case import Action, CaseView, RoundView, StepView, case_view, view_of
from cheqi.foundation.workflow.queries.cases import (
    CaseFilters,
    CaseLine,
    case_count,
    cases,
    step_figures,
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
from cheqi.foundation.workflow.queries.versions import OpenCase, VersionLine, open_cases, versions_of

__all__ = [
    "Action",
    "CaseFilters",
    "CaseLine",
    "CaseView",
    "Escalated",
    "OpenCase",
    "QueueFilters",
    "QueuePage",
    "RoundView",
    "StageColumn",
    "StepView",
    "TrackerAnswer",
    "VersionLine",
    "Whose",
    "WorkLine",
    "board",
    "case_count",
    "case_view",
    "cases",
    "escalated",
    "open_cases",
    "progress",
    "progress_by_number",
    "progress_of_mine",
    "queue",
    "step_figures",
    "steps_by_id",
    "versions_of",
    "view_of",
    "waiting_counts",
]
