"""What finished rounds were like, as plain values for a simulation: working minutes and shares of outcomes.

>>> measured(definition, now)["sign_contract"].outcomes                                # doctest: +SKIP
{'sign': 212, 'decline': 9}
"""

from datetime import datetime

from cheqi.core.process.definition import Definition
from cheqi.core.process.simulation.assumptions import Measured
from cheqi.foundation.workflow import rows
from cheqi.insight.estimates.history import WINDOW, cohort

_OUTCOMES = """
SELECT key, outcome, COUNT(*) FROM workflow_steprow
WHERE process = %s AND opened_at >= %s AND outcome <> '' GROUP BY key, outcome
"""


def measured(definition: Definition, now: datetime) -> dict[str, Measured]:
    """By step what was finished of the rounds that opened in the last 180 days; no step without any.

    Minutes are of an even sample of at most 500 rounds a step, outcomes of all of them.
    """
    outcomes: dict[str, dict[str, int]] = {}
    for key, outcome, count in rows.select(_OUTCOMES, [definition.process, now - WINDOW]):
        outcomes.setdefault(key, {})[outcome] = count
    return {
        step.key: Measured(
            tuple(sorted(one.minutes for one in cohort(definition, step.key, now).spells if one.is_finished)),
            outcomes[step.key],
        )
        for step in definition.steps
        if step.key in outcomes
    }
