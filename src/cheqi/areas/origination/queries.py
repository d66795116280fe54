"""Reading applications: the draft, and what each page shows."""

import json
from dataclasses import dataclass

from cheqi.areas.origination.materials import Slot, slots_of
from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.questions import Answers
from cheqi.core.base.actors import Actor
from cheqi.foundation.documents.queries import DocumentRow, documents_of
from cheqi.foundation.staff.models import Branch
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.models import Declination


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A document that a case asks for, with the newest upload for it, and those before."""

    slot: Slot
    latest: DocumentRow | None
    earlier: int

    @property
    def state(self) -> str:
        """The state of the newest upload; empty where there is none."""
        return self.latest.state if self.latest else ""


def draft_of(case_id: int, actor: Actor, *, for_update: bool = False) -> Draft | None:
    """The draft of a case, or None: missing and not allowed are the same."""
    rows = visible(Draft.objects.all(), actor, case="case_id").filter(case_id=case_id)
    return (rows.select_for_update() if for_update else rows).first()


def answers_of(draft: Draft) -> Answers:
    """What was answered so far."""
    found: dict[str, str | int | bool] = json.loads(draft.answers)
    return found


def draft_by_number(number: str, actor: Actor) -> Draft | None:
    """The draft of a case number, or None as in `draft_of`."""
    return visible(Draft.objects.all(), actor, case="case_id").filter(number=number).first()


def case_id_of(number: str) -> int | None:
    """Which case has a number, whoever asks: what may be seen of it is decided where it is read."""
    return Case.objects.filter(number=number, process="application").values_list("pk", flat=True).first()


def declined_in(case_id: int) -> tuple[Declination, ...]:
    """Who said no and was not asked again or replaced since, in the order in which they did."""
    rows = Declination.objects.filter(application__case_id=case_id, settled_at=None)
    return tuple(rows.select_related("party").order_by("pk"))


def has_declined(case_id: int, party_id: int) -> bool:
    """Whether somebody said no, and that stands."""
    rows = Declination.objects.filter(application__case_id=case_id, settled_at=None)
    return rows.filter(party_id=party_id).exists()


def offices(actor: Actor) -> tuple[Branch, ...]:
    """Where a customer may apply: the offices themselves, not the regions above them; public."""
    return tuple(Branch.objects.filter(children__isnull=True).order_by("code", "pk"))


def slot_rows(case: CaseRecord, actor: Actor) -> tuple[SlotRow, ...]:
    """The documents that a case asks for with what there is of each; one statement."""
    by_slot: dict[str, list[DocumentRow]] = {}
    for row in documents_of(case.id, actor):
        by_slot.setdefault(row.slot, []).append(row)
    return tuple(_slot_row(slot, by_slot.get(slot.key, [])) for slot in slots_of(case))


def _slot_row(slot: Slot, uploads: list[DocumentRow]) -> SlotRow:
    return SlotRow(slot, uploads[-1] if uploads else None, max(0, len(uploads) - 1))
