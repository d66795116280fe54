"""Reading applications: the draft, and what each page shows."""

import json

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.questions import Answers
from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.scopes import visible


def draft_of(case_id: int, actor: Actor, *, for_update: bool = False) -> Draft | None:
    """The draft of a case, or None: missing and not allowed are the same."""
    rows = visible(Draft.objects.all(), actor, case="case_id").filter(case_id=case_id)
    return (rows.select_for_update() if for_update else rows).first()


def answers_of(draft: Draft) -> Answers:
    """What was answered so far."""
    found: dict[str, str | int | bool] = json.loads(draft.answers)
    return found
