"""Reading: fields with verdicts, once per recogniser, harmless to kill, hooks in the same transaction."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from cheqi import ports
from cheqi.core.base.identifiers import check_id_number
from cheqi.core.documents.boxes import Page
from cheqi.core.documents.tests.recorded import recorded
from cheqi.foundation.documents import queries, registry
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.documents.operations import read_document, receive, reject_document, wake_forgotten
from cheqi.foundation.documents.tests import files
from cheqi.foundation.documents.tests.conftest import CLERK, CUSTOMER, NOW
from cheqi.foundation.documents.tests.recognisers import ID_FRONT, Breaks, CannotRead, Dies, Sees
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.running import drain
from cheqi.ports.ocr import Ocr

pytestmark = pytest.mark.django_db


def a_document(place: dict[str, Any], seed: int = 1, **changed: Any) -> Document:
    document = receive(io.BytesIO(files.jpeg(seed)), **{**place, **changed}, key=f"upload-{seed}")
    assert isinstance(document, Document)
    return document


def run_worker(ocr: Ocr, now: datetime = NOW) -> None:
    with ports.bound(Ocr, ocr):
        drain(now)


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def id_lines(number: str | None = None) -> list[str]:
    """The lines of an ID card with a number whose check digit is right, or with the one given."""
    if number is None:
        number = next(
            candidate
            for digit in "0123456789X"
            if not check_id_number(candidate := f"33010619900101002{digit}")
        )
    return [*ID_FRONT[:-1], f"公民身份号码 {number}"]


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """What a registered hook was told: the slot and the state."""
    heard: list[tuple[str, str]] = []

    def listen(document: Document, *, now: datetime) -> None:
        heard.append((document.slot, document.state))

    registry.on_read(listen)
    yield heard
    registry._read_hooks.remove(listen)


def test_an_upload_is_read_by_the_worker(place: dict[str, Any], told: list[tuple[str, str]]) -> None:
    document = a_document(place)
    assert document.state == "RECEIVED"
    run_worker(Sees(id_lines()))
    view = queries.document_view(document.pk, CLERK)
    assert view is not None
    values = {field.name: (field.value, field.verdict) for field in view.fields}
    assert (view.document.state, view.document.kind) == ("READ", "ID_CARD_FRONT")
    assert values["name"] == ("王小雨", "ACCEPTED")
    assert values["birth_date"] == ("1990-01-01", "ACCEPTED")
    assert values["id_number"][1] == "ACCEPTED"
    assert told == [("ID_CARD_FRONT", "READ")]
    assert EventRow.objects.get(type="documents.read").payload["for_clerk"] == 0


def test_of_two_documents_on_one_photograph_the_one_asked_for_is_read(place: dict[str, Any]) -> None:
    page, truth = recorded("two_documents")

    class SeesTwo:
        version = "test-1"

        def read(self, image: bytes) -> tuple[Page, ...]:
            return (page,)

    document = a_document(place, slot="DRIVING_LICENCE")
    run_worker(SeesTwo())
    row = fresh(document)
    assert (row.kind, row.findings) == ("DRIVING_LICENCE", [])
    assert document.fields.get(name="address").value == truth["DRIVING_LICENCE"]["address"]


def test_a_number_with_a_wrong_check_digit_goes_to_a_clerk_with_reasons(place: dict[str, Any]) -> None:
    right = id_lines()[-1].split()[1]
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    document = a_document(place)
    run_worker(Sees(id_lines(wrong)))
    view = queries.document_view(document.pk, CLERK)
    assert view is not None
    number = next(field for field in view.fields if field.name == "id_number")
    assert view.document.state == "NEEDS_CLERK"
    assert (number.value, number.verdict) == (wrong, "CLERK")
    assert any("check_digit" in note.rule for note in number.why)
    assert wrong not in number.candidates
    picture = queries.crop(document.pk, "id_number", CUSTOMER, NOW)
    assert picture is not None
    assert picture.content.startswith(b"\xff\xd8\xff")


def test_what_was_read_does_not_lie_open_in_the_database(place: dict[str, Any]) -> None:
    a_document(place)
    run_worker(Sees(id_lines()))
    stored = [str(value) for row in FieldValue.objects.values_list("value", "candidates") for value in row]
    assert stored
    assert not any("王小雨" in value or "330106" in value for value in stored)


def test_a_document_of_another_kind_than_asked_for_is_a_finding(place: dict[str, Any]) -> None:
    document = a_document(place, slot="DRIVING_LICENCE")
    run_worker(Sees(id_lines()))
    row = fresh(document)
    assert (row.state, [each["rule"] for each in row.findings]) == ("NEEDS_CLERK", ["documents.wrong_kind"])
    assert row.findings[0]["data"] == {"expected": "DRIVING_LICENCE", "found": "ID_CARD_FRONT"}


def test_a_photograph_of_another_person_stays_flagged_and_goes_to_a_clerk(place: dict[str, Any]) -> None:
    a_document(place)
    again = receive(io.BytesIO(files.jpeg(1)), **{**place, "party_id": 4, "actor": CLERK}, key="k2")
    assert isinstance(again, Document)
    run_worker(Sees(id_lines()))
    row = fresh(again)
    assert row.state == "NEEDS_CLERK"
    assert [each["rule"] for each in row.findings] == ["documents.same_photograph_other_person"]


@pytest.mark.parametrize(
    ("ocr", "rule"), [(CannotRead(), "documents.ocr.damaged"), (Sees([]), "documents.no_text")]
)
def test_what_cannot_be_read_is_said(
    place: dict[str, Any], told: list[tuple[str, str]], ocr: Ocr, rule: str
) -> None:
    document = a_document(place)
    run_worker(ocr)
    row = fresh(document)
    assert (row.state, [each["rule"] for each in row.findings]) == ("UNREADABLE", [rule])
    assert told == [("ID_CARD_FRONT", "UNREADABLE")]


def test_reading_twice_with_one_recogniser_reads_once(place: dict[str, Any]) -> None:
    document = a_document(place)
    ocr = Sees(id_lines())
    with ports.bound(Ocr, ocr):
        read_document(document.pk, now=NOW)
        assert read_document(document.pk, now=NOW) is None
    assert ocr.calls == 1
    assert EventRow.objects.filter(type="documents.read").count() == 1


def test_a_newer_recogniser_reads_anew_and_keeps_one_row_a_field(place: dict[str, Any]) -> None:
    document = a_document(place)
    newer = Sees([*id_lines()[:1], *id_lines()[1:]])
    newer.version = "test-2"
    for ocr in (Sees(id_lines(), confidence=0.5), newer):
        with ports.bound(Ocr, ocr):
            read_document(document.pk, now=NOW)
    assert fresh(document).model_version == "test-2"
    assert FieldValue.objects.filter(document=document, name="name").count() == 1


def test_a_process_killed_in_the_middle_of_reading_loses_and_doubles_nothing(place: dict[str, Any]) -> None:
    document = a_document(place)
    with ports.bound(Ocr, Dies()), pytest.raises(SystemExit):
        read_document(document.pk, now=NOW)
    assert fresh(document).state == "READING"
    assert FieldValue.objects.count() == 0
    with ports.bound(Ocr, Sees(id_lines())):
        read_document(document.pk, now=NOW)
    assert fresh(document).state == "READ"
    assert EventRow.objects.filter(type="documents.read").count() == 1


def test_a_hook_that_fails_leaves_the_document_unread(place: dict[str, Any]) -> None:
    document = a_document(place)

    def fails(document: Document, *, now: datetime) -> None:
        raise RuntimeError("the area is not ready")

    registry.on_read(fails)
    try:
        with ports.bound(Ocr, Sees(id_lines())), pytest.raises(RuntimeError, match="not ready"):
            read_document(document.pk, now=NOW)
    finally:
        registry._read_hooks.remove(fails)
    assert (fresh(document).state, FieldValue.objects.count()) == ("READING", 0)


def test_a_clerks_decision_made_while_a_machine_reads_stands(place: dict[str, Any]) -> None:
    document = a_document(place)

    class Slow(Sees):
        """A clerk sends the document back while this one looks at it."""

        def read(self, image: bytes) -> Any:
            Document.objects.filter(pk=document.pk).update(state="NEEDS_CLERK")
            reject_document(document.pk, reason_code="GLARE", actor=CLERK, now=NOW)
            return super().read(image)

    with ports.bound(Ocr, Slow(id_lines())):
        assert read_document(document.pk, now=NOW) is None
    assert (fresh(document).state, FieldValue.objects.count()) == ("REJECTED", 0)


def test_a_recogniser_that_keeps_failing_hands_over_to_a_clerk(
    place: dict[str, Any],
) -> None:
    document = a_document(place)
    for minute in range(0, 200, 20):
        run_worker(Breaks(), NOW + timedelta(minutes=minute))
    row = fresh(document)
    assert (row.state, row.findings[0]["rule"]) == ("UNREADABLE", "documents.read_failed")
    assert Wakeup.objects.get(task="documents.read").state == "DEAD"


def test_a_forgotten_document_is_woken_and_in_the_end_given_to_a_clerk(place: dict[str, Any]) -> None:
    document = a_document(place)
    Wakeup.objects.all().delete()
    assert wake_forgotten(now=NOW + timedelta(minutes=5)) == 0
    assert wake_forgotten(now=NOW + timedelta(minutes=11)) == 1
    assert Wakeup.objects.get().key == str(document.pk)
    wake_forgotten(now=NOW + timedelta(hours=3))
    assert fresh(document).state == "UNREADABLE"
