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
    led = [(one, _leads_back_to(case.definition, one)) for one in case.state.rounds if one.finished_at]
    since = [(one, target) for one, target in led if target and _came_before(one, current)]
    last, target = max(since, key=lambda pair: (pair[0].finished_at, pair[0].round), default=(None, ""))
    if last is None or target != TAKES_UPLOADS:
        return None
    row = StepRow.objects.filter(pk=case.row_ids[last.key, last.round]).values_list("reason", flat=True)
    return Returned(case.definition.by_key[last.key], row.get().strip())


def _came_before(done: StepState, current: StepState) -> bool:
    return done.finished_at is not None and done.finished_at <= current.opened_at


def _leads_back_to(definition: Definition, done: StepState) -> str:
    """The step that the outcome of a round led back to, where documents are collected anew because of it."""
    step = definition.by_key.get(done.key)
    outcome = step.outcome(done.outcome) if step and done.outcome else None
    if outcome is None or outcome.effect is not Effect.RETURN:
        return ""
    reopened = {outcome.target, *definition.dependents[outcome.target]}
    return outcome.target if TAKES_UPLOADS in reopened else ""
