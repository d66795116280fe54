"""Everything that is done to cases."""

from cheqi.foundation.workflow.operations.cases import (
    check_materials,
    claim,
    close,
    finish_step,
    give_facts,
    pass_ball,
    reassign,
    signal,
    withdraw,
    work_in,
)
from cheqi.foundation.workflow.operations.escalating import acknowledge
from cheqi.foundation.workflow.operations.expecting import show_estimate, show_estimates
from cheqi.foundation.workflow.operations.opening import open_case
from cheqi.foundation.workflow.operations.publishing import Migration, migrate_case, publish_definition
from cheqi.foundation.workflow.operations.running import ring, ring_due, run_step
from cheqi.foundation.workflow.operations.valuing import value_case

__all__ = [
    "Migration",
    "acknowledge",
    "check_materials",
    "claim",
    "close",
    "finish_step",
    "give_facts",
    "migrate_case",
    "open_case",
    "pass_ball",
    "publish_definition",
    "reassign",
    "ring",
    "ring_due",
    "run_step",
    "show_estimate",
    "show_estimates",
    "signal",
    "value_case",
    "withdraw",
    "work_in",
]
