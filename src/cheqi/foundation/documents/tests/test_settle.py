"""A clerk settles, accepts and sends back; nobody overrules a check digit; the old value is kept."""

import io
from typing import Any

import pytest

from cheqi import ports
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.documents.models import Document, FieldChange, FieldValue
from cheqi.foundation.documents.operations import (
    accept_document,
    read_document,
    receive,
    reject_document,
    settle_field,
)
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.documents.tests import files
from cheqi.foundation.documents.tests.conftest import CLERK, CUSTOMER, ELSEWHERE, NOW
from cheqi.foundation.documents.tests.recognisers import Sees
from cheqi.foundation.documents.tests.test_read import id_lines
from cheqi.foundation.eventlog.models import EventRow
from cheqi.ports.ocr import Ocr

pytestmark = pytest.mark.django_db
RIGHT = id_lines()[-1].split()[1]
WRONG = RIGHT[:-1] + ("1" if RIGHT[-1] != "1" else "2")


@pytest.fixture
def document(place: dict[str, Any]) -> Document:
    """An ID card whose number was read wrong in its last digit."""
    made = receive(io.BytesIO(files.jpeg()), **place, key="k1")
    assert isinstance(made, Document)
    with ports.bound(Ocr, Sees(id_lines(WRONG))):
        read_document(made.pk, now=NOW)
    return Document.objects.get(pk=made.pk)


def settle(document: Document, value: str = RIGHT, key: str = "s1", actor: Actor = CLERK, **more: str) -> Any:
    given = {"name": "id_number", "reason": "按原件核对", **more}
    name = given.pop("name")
    return settle_field(document.pk, name, value=value, actor=actor, now=NOW, key=key, **given)


def number_of(document: Document) -> tuple[str, str]:
    field = FieldValue.objects.get(document=document, name="id_number")
    return field.value, field.verdict


def rules(answer: object) -> tuple[RefusalKind, list[str]]:
    assert isinstance(answer, Refused)
    return answer.kind, [each.rule for each in answer.findings]


def test_a_clerk_settles_a_field_and_the_old_value_is_kept(document: Document) -> None:
    assert isinstance(settle(document), FieldValue)
    assert number_of(document) == (RIGHT, "SETTLED")
    change = FieldChange.objects.get()
    assert (change.old_value, change.new_value, change.actor_name) == (WRONG, RIGHT, "陈静")
    event = EventRow.objects.get(type="documents.field_settled")
    assert event.payload == {
        "document_id": document.pk, "title": "身份证（人像面）", "field": "id_number", "reason": "按原件核对",
    }  # fmt: skip


def test_settling_again_with_the_same_key_changes_once(document: Document) -> None:
    first, second = settle(document), settle(document)
    assert first.pk == second.pk
    assert FieldChange.objects.count() == 1


def test_a_key_is_not_taken_for_another_field(document: Document) -> None:
    settle(document)
    answer = settle(document, "李小雨", name="name")
    assert rules(answer) == (RefusalKind.CONFLICT, ["documents.key_reused"])
    assert FieldChange.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "kind", "rule"),
    [
        ({"actor": CUSTOMER}, RefusalKind.NOT_ALLOWED, "documents.staff_only"),
        ({"actor": ELSEWHERE}, RefusalKind.NOT_FOUND, "documents.not_found"),
        ({"value": "  "}, RefusalKind.INVALID, "documents.value_missing"),
        ({"reason": " "}, RefusalKind.INVALID, "documents.reason_missing"),
        ({"name": "shoe_size"}, RefusalKind.INVALID, "documents.field_unknown"),
        ({"value": WRONG}, RefusalKind.INVALID, "identifiers.id_number.check_digit"),
        ({"name": "birth_date", "value": "1990-02-30"}, RefusalKind.INVALID, "documents.no_date"),
    ],
)
def test_a_value_that_may_not_be_is_refused_and_nothing_changes(
    document: Document, change: dict[str, Any], kind: RefusalKind, rule: str
) -> None:
    answer = settle(document, **change)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.findings[0].rule) == (kind, rule)
    assert number_of(document) == (WRONG, "CLERK")
    assert FieldChange.objects.count() == 0
    assert not EventRow.objects.filter(type="documents.field_settled").exists()


def test_a_document_with_an_open_field_is_not_accepted_until_it_is_settled(document: Document) -> None:
    kind, names = rules(accept_document(document.pk, actor=CLERK, now=NOW))
    assert (kind, names) == (RefusalKind.NOT_NOW, ["documents.fields_open"])
    assert Document.objects.get().state == "NEEDS_CLERK"
    for field in FieldValue.objects.filter(verdict="CLERK").exclude(name="id_number"):
        settle(document, field.value, key=f"s-{field.name}", name=field.name)
    settle(document)
    accepted = accept_document(document.pk, actor=CLERK, now=NOW)
    assert isinstance(accepted, Document)
    assert (accepted.state, accepted.decided_by_name) == ("ACCEPTED", "陈静")
    assert rules(settle(document, key="s9")) == (RefusalKind.NOT_NOW, ["documents.already_decided"])
    assert isinstance(accept_document(document.pk, actor=CLERK, now=NOW), Document)
    assert EventRow.objects.filter(type="documents.accepted").count() == 1


def test_a_document_sent_back_tells_the_customer_why(document: Document) -> None:
    rejected = reject_document(document.pk, reason_code="GLARE", note="右下角", actor=CLERK, now=NOW)
    assert isinstance(rejected, Document)
    assert (rejected.state, rejected.reason_code, rejected.note) == ("REJECTED", "GLARE", "右下角")
    event = EventRow.objects.get(type="documents.rejected")
    assert event.payload["reason"] == "照片有反光，部分文字看不清。"
    answer = accept_document(document.pk, actor=CLERK, now=NOW)
    assert rules(answer) == (RefusalKind.NOT_NOW, ["documents.already_decided"])


def test_a_customer_does_not_decide_and_a_reason_must_be_known(document: Document) -> None:
    for answer, kind in (
        (accept_document(document.pk, actor=CUSTOMER, now=NOW), RefusalKind.NOT_ALLOWED),
        (reject_document(document.pk, reason_code="GLARE", actor=CUSTOMER, now=NOW), RefusalKind.NOT_ALLOWED),
        (reject_document(document.pk, reason_code="MOOD", actor=CLERK, now=NOW), RefusalKind.INVALID),
        (reject_document(document.pk, reason_code="BLUR", actor=ELSEWHERE, now=NOW), RefusalKind.NOT_FOUND),
    ):
        assert rules(answer)[0] is kind
    assert Document.objects.get().state == "NEEDS_CLERK"


def test_a_document_of_the_wrong_kind_cannot_be_accepted(place: dict[str, Any]) -> None:
    made = receive(io.BytesIO(files.jpeg()), **{**place, "slot": "DRIVING_LICENCE"}, key="k1")
    assert isinstance(made, Document)
    with ports.bound(Ocr, Sees(id_lines())):
        read_document(made.pk, now=NOW)
    answer = accept_document(made.pk, actor=CLERK, now=NOW)
    assert rules(answer) == (RefusalKind.NOT_NOW, ["documents.wrong_kind"])


def test_a_document_that_is_still_to_be_read_waits(place: dict[str, Any]) -> None:
    made = receive(io.BytesIO(files.jpeg()), **place, key="k1")
    assert isinstance(made, Document)
    answer = accept_document(made.pk, actor=CLERK, now=NOW)
    assert rules(answer) == (RefusalKind.NOT_NOW, ["documents.not_read_yet"])


def test_every_reason_says_what_is_wrong_and_how_to_do_better() -> None:
    assert {"GLARE", "BLUR", "CROPPED", "WRONG_DOCUMENT", "EXPIRED"} <= REASONS.keys()
    assert all("请" in reason.advice.zh for reason in REASONS.values())
