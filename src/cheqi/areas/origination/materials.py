"""Which documents an application asks for, and which of them are there."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.text import Text
from cheqi.core.documents.kinds import Kind
from cheqi.foundation.documents.choices import DocumentState
from cheqi.foundation.documents.queries import DocumentRow, documents_of
from cheqi.foundation.documents.registry import expect
from cheqi.foundation.documents.titles import name_slot
from cheqi.foundation.rulebook.queries import pack
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import Material, materials
from cheqi.records.applications.choices import PartyRole
from cheqi.records.common import lender_date
from cheqi.rules import evaluate_all
from cheqi.rules.model import Scalar

USABLE = frozenset({DocumentState.READ, DocumentState.NEEDS_CLERK, DocumentState.ACCEPTED})
WANTS_AGAIN = frozenset({DocumentState.REJECTED, DocumentState.UNREADABLE})
BEING_READ = frozenset({DocumentState.RECEIVED, DocumentState.READING})


@dataclass(frozen=True, slots=True)
class Slot:
    """One document that is asked for."""

    key: str
    title: Text
    is_required: bool


CARDS_OF_OTHERS = MappingProxyType(
    {"CO_BORROWER_ID_CARD": PartyRole.CO_BORROWER, "GUARANTOR_ID_CARD": PartyRole.GUARANTOR}
)
"""Whose card a slot asks for, where it is not the applicant's."""
for _card in CARDS_OF_OTHERS:
    expect(_card, Kind.ID_CARD_FRONT, Kind.ID_CARD_BACK)
for _slot, _title in (
    ("CO_BORROWER_ID_CARD", Text("共同借款人身份证", "Co-borrower's ID card")),
    ("GUARANTOR_ID_CARD", Text("担保人身份证", "Guarantor's ID card")),
    ("INCOME_PROOF", Text("收入证明", "Proof of income")),
    ("MARRIAGE_CERTIFICATE", Text("结婚证", "Marriage certificate")),
):
    name_slot(_slot, _title)


def slots_for(customer_type: str, car_type: str, on: date, **others: bool) -> tuple[Slot, ...]:
    """The documents that the pack `application_materials` asks for on a day.

    `others` says whether there is a co-borrower (`has_co_borrower`) or guarantor (`has_guarantor`).
    """
    inputs: dict[str, Scalar] = {
        "customer_type": customer_type,
        "car_type": car_type,
        **others,
    }
    rows = evaluate_all(pack("application_materials", on), inputs)
    return tuple(
        Slot(str(row.value["slot"]), row.explanation, bool(row.value["is_required"])) for row in rows
    )


def slots_of(case: CaseRecord) -> tuple[Slot, ...]:
    """The documents that a case asks for, by the rules of the day it was opened; none before it was sent."""
    customer_type, car_type = case.facts.get("customer_type"), case.facts.get("car_type")
    if not customer_type or not car_type:
        return ()
    opened = lender_date(case.opened_at)
    others = {name: bool(case.facts.get(name)) for name in ("has_co_borrower", "has_guarantor")}
    return slots_for(str(customer_type), str(car_type), opened, **others)


@materials("application_materials")
def application_materials(case: CaseRecord) -> tuple[Material, ...]:
    """The required documents and whether each is there; one that is still being read is not there yet."""
    latest: dict[str, DocumentRow] = {row.slot: row for row in documents_of(case.id, SYSTEM)}
    return tuple(
        Material(
            slot.key,
            slot.title,
            slot.key in latest and latest[slot.key].state in USABLE,
            _why_not(latest.get(slot.key)),
        )
        for slot in slots_of(case)
        if slot.is_required
    )


def _why_not(row: DocumentRow | None) -> Text | None:
    if row is None or row.state in USABLE:
        return None
    if row.state in BEING_READ:
        return Text("正在识别，约需 10 秒", "Being read, about ten seconds")
    if row.state == DocumentState.UNREADABLE:
        return Text("看不清，请重新拍照", "We cannot read it; please take it again")
    return Text(row.note or "请重新上传", row.note or "Please send it again")
