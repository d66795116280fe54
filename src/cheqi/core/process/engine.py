"""The process engine: one pure step function that moves a case.

`advance` takes a definition, the state of a case, one input and the time, and gives the changes or a
refusal. It never raises for what a person or a program can get wrong, it never half-does something, and
the same input a second time changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import Refused
from cheqi.core.process import changes as made
from cheqi.core.process import inputs, refusals
from cheqi.core.process.definition import AT_BREACH, Ball, Definition, Effect, Outcome, Step
from cheqi.core.process.draft import Draft
from cheqi.core.process.people import barred, may_do, may_withdraw, reference, references
from cheqi.core.process.state import NEW, CaseState, StepState, StepStatus


def advance(
    definition: Definition, state: CaseState, event: inputs.Input, now: datetime
) -> made.Changes | Refused:
    """What the event changes, or why it is refused; `inputs` has the events, `changes` what they do."""
    draft = Draft(definition, state, now)
    handler = _HANDLERS[type(event)]
    refused = handler(draft, event)
    if refused is not None:
        return refused
    if draft.state is not state:
        draft.settle()
    return draft.changes()


def objection(definition: Definition, state: CaseState, event: inputs.FinishStep) -> Refused | None:
    """Why that finish would be refused, or None: what a page shows beside a button."""
    found = _finishable(definition, state, event)
    return found if isinstance(found, Refused) else None


def workable(
    definition: Definition, state: CaseState, key: str, number: int, by: Actor
) -> StepState | Refused:
    """The open round of a step that somebody may work in, whatever they do there; or why they may not."""
    step = definition.by_key.get(key)
    if step is None:
        return refusals.no_such_step(key)
    if not may_do(step, by):
        return refusals.wrong_owner(step)
    current = _open_round(definition, state, step, number)
    if isinstance(current, Refused):
        return current
    if references(by) & barred(step, state):
        return refusals.four_eyes(step)
    return current


def repeats(state: CaseState, event: inputs.FinishStep) -> bool:
    """Whether this very finish was accepted before, in whatever round."""
    return any(
        step.round == event.round
        and step.key == event.step
        and step.by == reference(event.by)
        and event.outcome in ("", step.outcome)
        and bool(step.outcome)
        for step in state.rounds
    )


def _open_case(draft: Draft, event: inputs.OpenCase) -> Refused | None:
    if draft.state.status != NEW:
        return None if draft.state.creators == references(event.by) else refusals.case_exists()
    if (refused := refusals.bad_facts(draft.definition, event.facts.items())) is not None:
        return refused
    draft.put(made.CaseStarted(references(event.by), draft.now))
    draft.set_facts(event.facts, "")
    return None


def _finish_step(draft: Draft, event: inputs.FinishStep) -> Refused | None:
    if repeats(draft.state, event):
        return None
    found = _finishable(draft.definition, draft.state, event)
    if isinstance(found, Refused):
        return found
    step, outcome = found
    draft.set_facts(event.facts, event.step)
    draft.finish(step, outcome, event.by, event.reason)
    return None


def _finishable(
    definition: Definition, state: CaseState, event: inputs.FinishStep
) -> tuple[StepState, Outcome] | Refused:
    current = workable(definition, state, event.step, event.round, event.by)
    if isinstance(current, Refused):
        return current
    step = definition.by_key[event.step]
    outcome = _outcome(step, event.outcome)
    if outcome is None:
        return refusals.unknown_outcome(step, event.outcome)
    if event.missing and outcome.effect is Effect.DONE:
        return refusals.materials_missing(step, event.missing)
    refused = refusals.bad_facts(definition, event.facts.items())
    return (current, outcome) if refused is None else refused


def _open_round(definition: Definition, state: CaseState, step: Step, number: int) -> StepState | Refused:
    """The open round that is meant, or why there is none."""
    current = state.steps.get(step.key)
    if current is not None and number < current.round:
        return refusals.older_round(step, number, current.round)
    if current is not None and current.status is StepStatus.DONE:
        return refusals.already_done(step, current)
    if not state.is_open:
        return refusals.case_is_not_open(definition, state)
    if current is None or not current.is_open or number != current.round:
        return refusals.step_is_not_open(step, current, state)
    return current


def _outcome(step: Step, key: str) -> Outcome | None:
    if key:
        return step.outcome(key)
    return step.outcomes[0] if len(step.outcomes) == 1 else None


def _ran_operation(draft: Draft, event: inputs.RanOperation) -> Refused | None:
    step = draft.definition.by_key.get(event.step)
    if step is None or not step.run:
        return refusals.no_such_step(event.step)
    known = draft.state.steps.get(step.key)
    if known and (
        known.round > event.round or (known.round == event.round and (known.has_run or known.outcome))
    ):
        return None
    current = _open_round(draft.definition, draft.state, step, event.round)
    if isinstance(current, Refused):
        return current
    is_waiting = bool(step.awaits) and not event.outcome
    outcome = None if is_waiting else _outcome(step, event.outcome)
    if outcome is None and not is_waiting:
        return refusals.unknown_outcome(step, event.outcome)
    if (refused := refusals.bad_facts(draft.definition, event.facts.items())) is not None:
        return refused
    draft.set_facts(event.facts, step.key)
    draft.put(made.OperationRan(step.key, current.round))
    if outcome is None:
        draft.pass_ball(current, step.ball)
    else:
        draft.finish(current, outcome, event.by)
    return None


def _signal(draft: Draft, event: inputs.Signal) -> Refused | None:
    keys = draft.definition.awaiting.get(event.awaited, ())
    keys = tuple(key for key in keys if event.step in ("", key))
    rounds = [step for step in draft.state.rounds if step.key in keys and event.round in (0, step.round)]
    waiting = [step for step in rounds if step.is_open]
    if not waiting or not draft.state.is_open:
        is_repeat = any(step.outcome and step.by == reference(event.by) for step in rounds)
        return None if is_repeat else refusals.not_awaited(event.awaited)
    if (refused := refusals.bad_facts(draft.definition, event.facts.items())) is not None:
        return refused
    outcomes = [_outcome(draft.definition.by_key[step.key], event.outcome) for step in waiting]
    if None in outcomes:
        step = waiting[outcomes.index(None)]
        return refusals.unknown_outcome(draft.definition.by_key[step.key], event.outcome)
    draft.set_facts(event.facts, waiting[0].key)
    for step, outcome in zip(waiting, outcomes, strict=True):
        now_at = draft.state.steps[step.key]
        if outcome is not None and now_at.is_open and draft.state.is_open:
            draft.finish(now_at, outcome, event.by)
    return None


def _complete_materials(draft: Draft, event: inputs.CompleteMaterials) -> Refused | None:
    step = draft.definition.by_key.get(event.step)
    if step is None or step.materials is None:
        return refusals.no_such_step(event.step)
    known = draft.state.steps.get(step.key)
    if known and known.round >= event.round and known.finished_at:
        return None
    current = _open_round(draft.definition, draft.state, step, event.round)
    if isinstance(current, Refused):
        return current
    done = [outcome for outcome in step.outcomes if outcome.effect is Effect.DONE]
    if len(done) != 1:
        return refusals.unknown_outcome(step, "")
    draft.finish(current, done[0], event.by)
    return None


def _give_facts(draft: Draft, event: inputs.GiveFacts) -> Refused | None:
    if (refused := refusals.bad_facts(draft.definition, event.facts.items())) is not None:
        return refused
    if all(draft.state.facts.get(key, ...) == value for key, value in event.facts.items()):
        return None
    if not draft.state.is_open:
        return refusals.case_is_not_open(draft.definition, draft.state)
    draft.set_facts(event.facts, "")
    return None


def _assign(draft: Draft, event: inputs.Assign) -> Refused | None:
    step = draft.definition.by_key.get(event.step)
    if step is None:
        return refusals.no_such_step(event.step)
    current = _open_round(draft.definition, draft.state, step, event.round)
    if isinstance(current, Refused):
        return current
    if event.owner in barred(step, draft.state):
        return refusals.four_eyes(step)
    if current.owner != event.owner:
        draft.put(made.OwnerSet(step.key, current.round, event.owner, event.owner_name, event.reason))
    return None


def _pass_ball(draft: Draft, event: inputs.PassBall) -> Refused | None:
    step = draft.definition.by_key.get(event.step)
    if step is None:
        return refusals.no_such_step(event.step)
    current = _open_round(draft.definition, draft.state, step, event.round)
    if isinstance(current, Refused):
        return current
    may_pass = may_do(step, event.by) or event.by.kind is ActorKind.SYSTEM
    if not may_pass and event.ball is not Ball.US:
        return refusals.wrong_owner(step)
    draft.pass_ball(current, event.ball)
    return None


def _withdraw(draft: Draft, event: inputs.Withdraw) -> Refused | None:
    rule = draft.definition.withdraw
    if rule and draft.state.status == rule.status:
        return None
    if not draft.state.is_open:
        return refusals.case_is_not_open(draft.definition, draft.state)
    if not may_withdraw(draft.definition, event.by):
        return refusals.may_not_withdraw()
    if rule is None or any(
        step.key == rule.until and step.status is StepStatus.DONE for step in draft.state.rounds
    ):
        return refusals.too_late_to_withdraw(draft.definition)
    draft.close(rule.status, event.by, event.reason)
    return None


def _close(draft: Draft, event: inputs.Close) -> Refused | None:
    if draft.state.status == event.status:
        return None
    if event.status not in draft.definition.statuses:
        return refusals.unknown_status(draft.definition, event.status)
    if not draft.state.is_open:
        return refusals.case_is_not_open(draft.definition, draft.state)
    draft.close(event.status, event.by, event.reason)
    return None


def _reach_time(draft: Draft, event: inputs.ReachTime) -> Refused | None:
    """A clock that rings for a round that is over has nothing to say: that is no mistake."""
    step = draft.definition.by_key.get(event.step)
    current = draft.state.steps.get(event.step)
    if step is None or current is None or not current.is_open or current.round != event.round:
        return None
    if event.moment is inputs.Moment.BREACH:
        if not current.is_breached:
            actions = step.actions_at(AT_BREACH)
            draft.put(made.TargetBreached(step.key, current.round, actions, draft.now))
    elif event.moment is inputs.Moment.ESCALATION:
        _escalate(draft, step, current, event.place)
    elif current.reminded <= event.place < len(step.remind):
        draft.put(made.ReminderDue(step.key, current.round, event.place, draft.now))
    return None


def _escalate(draft: Draft, step: Step, current: StepState, place: int) -> None:
    """The next level of a step that missed its target; each level once and in order."""
    levels = step.later_levels
    if current.is_breached and place == current.escalated and place < len(levels):
        percent = levels[place]
        draft.put(
            made.EscalatedFurther(
                step.key, current.round, place, percent, step.actions_at(percent), draft.now
            )
        )


_HANDLERS: dict[type, Callable[[Draft, Any], Refused | None]] = {
    inputs.OpenCase: _open_case,
    inputs.FinishStep: _finish_step,
    inputs.RanOperation: _ran_operation,
    inputs.Signal: _signal,
    inputs.CompleteMaterials: _complete_materials,
    inputs.GiveFacts: _give_facts,
    inputs.Assign: _assign,
    inputs.PassBall: _pass_ball,
    inputs.Withdraw: _withdraw,
    inputs.Close: _close,
    inputs.ReachTime: _reach_time,
}
