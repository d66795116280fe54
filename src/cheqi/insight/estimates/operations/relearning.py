"""Learns all steps again, and shows what that changes for those who wait."""

from datetime import datetime

from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.foundation.workflow.models import DefinitionRow
from cheqi.insight.estimates.operations.learning import learn
from cheqi.insight.estimates.operations.promising import refresh_step


def learn_all(*, now: datetime) -> int:
    """Learns every step of every process in force; what a changed history means for the open steps is shown.

    Returns how many steps were looked at.
    """
    looked = 0
    for process in DefinitionRow.objects.order_by("process").values_list("process", flat=True).distinct():
        row = in_force(process, now.date())
        if row is None:
            continue
        definition = definition_of(row)
        for step in definition.steps:
            if learn(definition, step.key, now=now):
                refresh_step(process, step.key, now=now)
            looked += 1
    return looked
