"""Everything that writes applications, one file a use case."""

from cheqi.records.applications.operations.credit import authorise_credit, keep_credit_report
from cheqi.records.applications.operations.dealers import keep_payee_verdict, record_dealer
from cheqi.records.applications.operations.deciding import decide
from cheqi.records.applications.operations.entering import change, create, link_case, submit
from cheqi.records.applications.operations.mandates import set_mandate
from cheqi.records.applications.operations.offers import calculate_offer, keep_offer
from cheqi.records.applications.operations.people import ask_again, change_person, decline

__all__ = [
    "ask_again",
    "authorise_credit",
    "calculate_offer",
    "change",
    "change_person",
    "create",
    "decide",
    "decline",
    "keep_credit_report",
    "keep_offer",
    "keep_payee_verdict",
    "link_case",
    "record_dealer",
    "set_mandate",
    "submit",
]
