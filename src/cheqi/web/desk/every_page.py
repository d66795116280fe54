"""Every page that the desk can be asked for, as addresses with examples of rows in them.

The test of statements and the benchmark go through the same list, and a test holds it against the registered
addresses, so that a new page is measured from its first day.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib.sessions.backends.base import SessionBase

from cheqi.areas.origination.models import Draft
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.eventlog.audit import Mark
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.rulebook.queries import packs
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.records.applications.models import ApplicationParty
from cheqi.web.desk import asked

ROOT = "/desk/"
SEARCHES = {
    "s_number": "number", "s_number_start": "number_start", "s_name": "name", "s_surname": "surname",
    "s_mobile_end": "mobile_end", "s_vin_end": "vin_end", "s_plate": "plate", "s_mobile": "mobile",
}  # fmt: skip
"""What is searched for, by the word in the address; a page of results needs `searched` in the session."""
LISTS = (
    "", "?whose=ROLES", "?whose=FREE", "?whose=ALL", "?whose=ALL&late=1", "?whose=ALL&page=20", "next/",
    "reassign/?step={step}", "cases/", "cases/?standing=ALL", "cases/?standing=CLOSED",
    "cases/?standing=LATE", "cases/?stage=review", "cases/?standing=ALL&page=20",
    "cases/?standing=ALL&page=2000", "cases/?standing=ALL&sort=number",
    "cases/?standing=CLOSED&sort=-closed_at", "cases/?standing=CLOSED&sort=closed_at&page=100", "board/",
    "search/", "search/gone/", *(f"search/{{{word}}}/" for word in SEARCHES),
    "escalated/", "failures/", "messages/", "people/", "process/", "process/bpmn/", "products/", "rules/",
    "rules/{pack}/",
    "audit/", "audit/?kind=unmask", "audit/?kind=case", "audit/?kind=credit&from=2026-01-01&until=2030-12-31",
    "audit/?who=chenjing&kind=log-in", "audit/?case={number}&kind=case", "audit/?behind={long_ago}",
    "audit/{entry}/",
    "account/", "settings/", "customers/", "customers/{customer}/", "customers/found/{s_name}/",
    "customers/found/{s_mobile}/",
    "log-in/", "log-in/code/", "log-in/enrol/", "step-up/", "applications/new/",
)  # fmt: skip
OF_A_CASE = ("", "facts/", "work/", "past/", "presence/", "evidence/")
CASES = ("{reviewed}", "{documented}", "{contracted}", "{closed}")
OF_A_DRAFT = ("", "facts/", "work/", "application/")
OF_DOCUMENTS = (
    "cases/{documented}/documents/{slot}/state/",
    "documents/{document}/1/", "documents/{document}/small/", "documents/{document}/crop/{field}/",
    "documents/{document}/open/", "papers/{paper}/", "papers/{paper}/open/",
    "cases/{contracted}/contract/{signer}/",
)  # fmt: skip
WHOLE_LISTS = ("queue.csv", "cases.csv", "audit.csv?kind=case", "audit.csv?kind=credit&who=chenjing")
PAGES = (
    *LISTS,
    *(f"cases/{case}/{part}" for case in CASES for part in OF_A_CASE),
    *("cases/{draft}/" + part for part in OF_A_DRAFT),
    *OF_DOCUMENTS,
)


def examples(today: date) -> dict[str, object]:
    """Rows to look at, the first of each kind; what there is none of is left out."""
    cases = Case.objects.order_by("pk")
    reviews = StepRow.objects.filter(key="review", status="OPEN").order_by("pk")
    role = ApplicationParty.objects.select_related("party", "application__vehicle").order_by("pk").first()
    field = FieldValue.objects.order_by("pk").first()
    document = Document.objects.order_by("pk").first()
    paper = Paper.objects.order_by("pk").first()
    begun = Draft.objects.filter(application_id=None, case_id__in=cases.filter(closed_at=None))
    draft = begun.order_by("pk").first()
    entry = EventRow.objects.order_by("pk").first()
    found: dict[str, object] = {"pack": packs(today)[0].name, "mobile": "13800009999"}
    if entry is not None:
        found |= {"entry": entry.pk, "long_ago": str(Mark(entry.occurred_at, entry.pk + 1))}
    if role is not None:
        party, car, number = role.party, role.application.vehicle, role.application.number
        found |= {"name": party.name, "surname": party.name[:2], "mobile_end": party.mobile_last4}
        found |= {"vin_end": car.vin[-6:], "plate": car.plate or "浙A12345"}
        found["customer"] = party.pk
        found |= {"number": number, "number_start": number[:-1]}
    if review := reviews.first():
        found |= {"step": review.pk, "reviewed": review.case.number}
    if field is not None:
        found |= {"document": field.document_id, "field": field.name}
    if document is not None:
        found |= {"documented": cases.get(pk=document.case_id).number, "slot": document.slot}
    if paper is not None:
        case = cases.get(pk=paper.case_id)
        found |= {"paper": paper.pk, "contracted": case.number, "signer": case.party_id}
    if closed := cases.exclude(closed_at=None).first():
        found |= {"closed": closed.number}
    found |= {word: word for word, of in SEARCHES.items() if of in found}
    return found | ({"draft": draft.number} if draft else {})


def searched(session: SessionBase, known: Mapping[str, object], now: datetime) -> None:
    """Puts every search of the list into a session, as if its person had just asked."""
    for word, of in SEARCHES.items():
        if of in known:
            asked.keep(session, str(known[of]), now=now, word=word)
    session.save()
