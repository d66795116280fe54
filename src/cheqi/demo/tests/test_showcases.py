"""A demo customer in each interesting state, with pictures and fields that belong together."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cheqi import ports
from cheqi.adapters.file_store.disk import DiskFileStore
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.demo.lender import found_lender
from cheqi.demo.showcases import NEED_FONTS, STATES, has_fonts, load_showcases
from cheqi.demo.since import exist_for_months
from cheqi.foundation.documents.models import Document, DocumentPage, FieldValue
from cheqi.foundation.privacy import blind
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.ports.file_store import FileStore
from cheqi.records.loans.queries import loan_of_case
from cheqi.records.parties.models import Party

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path) -> Iterator[None]:
    with ports.bound(FileStore, DiskFileStore(tmp_path)):
        yield


def case_of(mobile: str) -> Case:
    party = Party.objects.get(mobile_index=blind.index("mobile", mobile))
    return Case.objects.get(party_id=party.pk)


def open_steps(case: Case) -> set[str]:
    return set(StepRow.objects.filter(case=case, status="OPEN").values_list("key", flat=True))


def loaded() -> None:
    lender = found_lender(NOW)
    exist_for_months(lender, NOW)
    expected = len(STATES) - (0 if has_fonts() else len(NEED_FONTS))
    assert load_showcases(lender, now=NOW) == expected
    count = Case.objects.count()
    assert (load_showcases(lender, now=NOW), Case.objects.count()) == (0, count)


def test_a_rejected_photograph_a_review_and_a_clerks_work_are_there_once() -> None:
    loaded()
    waiting, reviewed, clerks = case_of("13800020001"), case_of("13800020002"), case_of("13800020006")
    assert open_steps(waiting) == {"collect_materials"}
    rejected = Document.objects.get(case_id=waiting.pk, state="REJECTED")
    assert (rejected.slot, rejected.reason_code) == ("ID_CARD_FRONT", "GLARE")
    assert open_steps(reviewed) == {"review"}
    assert open_steps(clerks) == {"verify_documents"}
    doubtful = FieldValue.objects.filter(document__case_id=clerks.pk, verdict="CLERK")
    assert {field.name for field in doubtful} >= {"name"}
    page = DocumentPage.objects.filter(document__case_id=clerks.pk).first()
    assert page is not None
    assert ports.get(FileStore).open(page.file_key)[:2] == b"\xff\xd8"


@pytest.mark.skipif(not has_fonts(), reason="no Chinese fonts here: run npm ci, or set CHEQI_FONTS")
def test_a_contract_waits_a_lien_is_filed_and_a_loan_is_paid_out() -> None:
    loaded()
    assert open_steps(case_of("13800020003")) == {"sign_contract"}
    assert open_steps(case_of("13800020004")) == {"register_lien"}
    paid = case_of("13800020005")
    assert (paid.status, open_steps(paid)) == ("DISBURSED", set())
    customer = Actor(ActorKind.CUSTOMER, str(paid.party_id), "", scope=Scope(party_id=paid.party_id))
    loan = loan_of_case(paid.pk, customer)
    assert loan is not None
    assert loan.loan.principal_fen == 10_000_000
