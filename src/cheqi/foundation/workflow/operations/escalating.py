"""Taking note of what escalated: who takes care of it, from when on."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.process import EscalationAcknowledged
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.definitions import definition_of
from cheqi.foundation.workflow.models import Escalation


def acknowledge(escalation_id: int, *, actor: Actor, now: datetime) -> Escalation | Refused:
    """The actor takes care of a missed target that went to one of their roles; the first one stays.

    Refused as not found where it is missing, out of scope, for another role, or settled meanwhile.
    """
    with transaction.atomic():
        rows = visible(Escalation.objects.all(), actor, party=None, case="case_id")
        row = (
            rows.select_for_update(of=("self",))
            .select_related("case__definition", "step")
            .filter(pk=escalation_id, settled_at=None, role__in=sorted(actor.roles))
            .first()
        )
        if row is None:
            message = Text("这一项已处理，或不在您的范围内", "It is settled already, or not yours to see")
            return refuse(RefusalKind.NOT_FOUND, "workflow.escalation", message)
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = now, actor.name
            row.save(update_fields=["acknowledged_at", "acknowledged_by"])
            title = definition_of(row.case.definition).by_key[row.step.key].title.zh
            what = EscalationAcknowledged(step=row.step.key, round=row.step.round, title=title)
            record(what, actor=actor, now=now, case_id=row.case_id)
    return row
