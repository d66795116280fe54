"""Who sent the case back to the customer last, and what they asked for.

Which outcomes lead back says the case's own definition: every one that returns to the step that takes
uploads. Example: a review returned with 「请补充近六个月流水」 opens the documents again with these words.
"""

from dataclasses import dataclass

from cheqi.areas.origination.operations.documents import TAKES_UPLOADS
from cheqi.core.process.definition import Definition, Effect, Step
from cheqi.core.process.state import StepState
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.record import CaseRecord


@dataclass(frozen=True, slots=True)
class Returned:
    """The return that the open collection answers: from which step, and what the customer should add."""

    step: Step
    reason: str


def returned(case: CaseRecord) -> Returned | None:
    """Why documents are collected again, while they are; None in the first round. One statement."""
    current = case.state.steps.get(TAKES_UPLOADS)
    if current is None or not current.is_open:
        return None
    since = [
        one for one in case.state.rounds if _came_before(one, current) and _returns(case.definition, one)
    ]
    if not since:
        return None
    last = max(since, key=lambda one: (one.finished_at, one.round))
    row = StepRow.objects.filter(pk=case.row_ids[last.key, last.round]).values_list("reason", flat=True)
    return Returned(case.definition.by_key[last.key], row.get().strip())


def _came_before(done: StepState, current: StepState) -> bool:
    return done.finished_at is not None and done.finished_at <= current.opened_at


def _returns(definition: Definition, done: StepState) -> bool:
    """Whether a round ended with an outcome that leads back to where documents are sent."""
    step = definition.by_key.get(done.key)
    outcome = step.outcome(done.outcome) if step and done.outcome else None
    return outcome is not None and outcome.effect is Effect.RETURN and outcome.target == TAKES_UPLOADS
