"""Whose documents a case asks for, what a clerk must see, and what the customer sees of what was read."""

import io
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from cheqi import ports
from cheqi.areas.origination.operations.documents import upload
from cheqi.areas.origination.verification import standing_of, take_over
from cheqi.core.base.actors import SYSTEM
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import Drawn, draw, photographed
from cheqi.demo.drawing.facts import Facts, some_facts
from cheqi.demo.outside import DrawnText
from cheqi.demo.people import Person
from cheqi.foundation.documents.models import Document
from cheqi.ports.ocr import Ocr
from cheqi.records.applications.models import Application
from cheqi.records.parties.models import Party
from tests.journeys.acts import FACTS, PERSON, done, open_steps, sent
from tests.journeys.conftest import World
from tests.journeys.test_portal_pages import at_the_phone, looked_at, of

GUARANTOR = some_facts(12)
ANNOUNCED = {
    "has_guarantor": "true",
    "guarantor_name": GUARANTOR.person.name,
    "guarantor_id_number": GUARANTOR.person.id_number,
    "guarantor_mobile": GUARANTOR.person.mobile,
}


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def ocr() -> Iterator[DrawnText]:
    """A recogniser that knows what was drawn."""
    recogniser = DrawnText()
    with ports.bound(Ocr, recogniser):
        yield recogniser


def a_photograph(kind: Kind, facts: Facts = FACTS, seed: int = 1) -> Drawn:
    """A document on a table."""
    return photographed(draw(kind, facts, seed=seed), seed)


def as_file(drawn: Drawn) -> io.BytesIO:
    out = io.BytesIO()
    drawn.image.save(out, "PNG")
    out.seek(0)
    return out


def read(world: World, ocr: DrawnText, case_id: int, slot: str, drawn: Drawn, key: str = "one") -> Document:
    """One document uploaded by the customer and read."""
    ocr.drawn = drawn
    customer = world.customer(of(case_id)[1])
    sent_in = upload(
        as_file(drawn), case_id=case_id, slot=slot, actor=customer, now=world.now, key=f"{slot}-{key}"
    )
    document = done(sent_in)
    world.pass_time()
    document.refresh_from_db()
    return document


def test_a_guarantors_card_is_asked_for_and_compared_with_the_guarantor(world: World, ocr: DrawnText) -> None:
    case_id = sent(world, **ANNOUNCED)
    page = looked_at(at_the_phone(world, of(case_id)[1]), f"/cases/{of(case_id)[0]}/documents/")
    assert "担保人身份证正反面" in page
    assert "examples/CARD_OF_OTHERS.svg" in page
    read(world, ocr, case_id, "ID_CARD_FRONT", a_photograph(Kind.ID_CARD_FRONT))
    card = read(world, ocr, case_id, "GUARANTOR_ID_CARD", a_photograph(Kind.ID_CARD_FRONT, GUARANTOR))
    application = Application.objects.get()
    assert card.state == "READ"
    assert standing_of(application, case_id).disagreements == ()
    take_over(application, case_id, actor=SYSTEM, now=world.now)
    parties = {party.name: party.id_number for party in Party.objects.exclude(id_number_index="")}
    assert parties[PERSON.name] == PERSON.id_number
    assert parties[GUARANTOR.person.name] == GUARANTOR.person.id_number


def test_another_persons_card_in_the_guarantors_place_is_seen(world: World, ocr: DrawnText) -> None:
    case_id = sent(world, **ANNOUNCED)
    read(world, ocr, case_id, "GUARANTOR_ID_CARD", a_photograph(Kind.ID_CARD_FRONT, some_facts(13)))
    found = standing_of(Application.objects.get(), case_id).disagreements
    assert [finding.field for finding in found] == ["name", "id_number"]


def test_a_co_borrowers_card_is_asked_for_and_compared_with_the_co_borrower(
    world: World, ocr: DrawnText
) -> None:
    other = some_facts(14)
    case_id = sent(world, **beside("co_borrower", other.person))
    page = looked_at(at_the_phone(world, of(case_id)[1]), f"/cases/{of(case_id)[0]}/documents/")
    assert "共同借款人身份证正反面" in page
    card = read(world, ocr, case_id, "CO_BORROWER_ID_CARD", a_photograph(Kind.ID_CARD_FRONT, other))
    application = Application.objects.get()
    assert (card.state, standing_of(application, case_id).disagreements) == ("READ", ())
    take_over(application, case_id, actor=SYSTEM, now=world.now)
    verified = Party.objects.get(name=other.person.name)
    assert (verified.id_number, verified.birth_date) == (other.person.id_number, other.person.birth_date)
    wrong = a_photograph(Kind.ID_CARD_FRONT, some_facts(13), seed=2)
    read(world, ocr, case_id, "CO_BORROWER_ID_CARD", wrong, key="wrong")
    found = standing_of(application, case_id).disagreements
    assert [finding.field for finding in found] == ["name", "id_number"]


def beside(role: str, person: Person) -> dict[str, str]:
    """The answers that name somebody beside the applicant."""
    return {
        f"has_{role}": "true",
        f"{role}_name": person.name,
        f"{role}_id_number": person.id_number,
        f"{role}_mobile": person.mobile,
    }


def test_who_has_no_guarantor_is_not_asked_for_a_card_and_a_co_borrower_may_add_a_marriage_certificate(
    world: World,
) -> None:
    number, party_id = of(sent(world, **beside("co_borrower", some_facts(14).person)))
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/documents/")
    assert "担保人身份证" not in page
    assert "examples/MARRIAGE_CERTIFICATE.svg" in page
    assert "examples/INCOME_PROOF.svg" in page


def test_a_photograph_that_another_customer_sent_is_looked_at_by_a_clerk(
    world: World, ocr: DrawnText
) -> None:
    case_id = sent(world)
    twin = a_photograph(Kind.ID_CARD_FRONT)
    earlier = read(world, ocr, case_id, "ID_CARD_FRONT", twin, key="earlier")
    Document.objects.filter(pk=earlier.pk).update(party_id=earlier.party_id + 999, case_id=case_id + 999)
    again = read(world, ocr, case_id, "ID_CARD_FRONT", twin)
    rules = [finding["rule"] for finding in again.findings]
    assert (again.state, rules) == ("NEEDS_CLERK", ["documents.same_photograph_other_person"])
    for slot in ("ID_CARD_BACK", "DRIVING_LICENCE", "PURCHASE_INVOICE", "BANK_STATEMENT"):
        assert read(world, ocr, case_id, slot, a_photograph(Kind(slot))).state == "READ"
    assert standing_of(Application.objects.get(), case_id).fields_for_clerk == 1
    assert "verify_documents" in open_steps(case_id)


def test_a_card_shows_what_was_read_with_numbers_by_their_ends_and_may_be_taken_again(
    world: World, ocr: DrawnText
) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    read(world, ocr, case_id, "ID_CARD_FRONT", a_photograph(Kind.ID_CARD_FRONT))
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/documents/")
    assert f"<dt>姓名</dt><dd>{PERSON.name}</dd>" in page
    assert PERSON.id_number not in page
    assert f"<dd>尾号 {PERSON.id_number[-4:]}</dd>" in page
    assert page.count("拍错了？换一张") == 1


def test_an_answer_tells_the_documents_page_what_is_left_and_the_tracker_nothing(world: World) -> None:
    number, party_id = of(sent(world))
    client = at_the_phone(world, party_id)

    def sent_from(page: str, seed: int) -> str:
        drawn = a_photograph(Kind.ID_CARD_FRONT, seed=seed)
        file = SimpleUploadedFile("a.png", as_file(drawn).read(), "image/png")
        headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}"}
        answer = client.post(
            f"/cases/{number}/documents/ID_CARD_FRONT/upload/", {"file": file}, headers=headers
        )
        assert answer.status_code == 200
        return str(answer.content.decode())

    here = sent_from(f"/cases/{number}/documents/", 1)
    assert 'id="documents-lead" role="status" hx-swap-oob="true">还差 4 份' in here
    assert "hx-swap-oob" not in sent_from(f"/cases/{number}/", 2)


def test_an_optional_document_is_taken_while_the_others_are_checked_and_not_after(
    world: World, ocr: DrawnText
) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    ocr.doubtful = frozenset({PERSON.name})
    for slot in ("ID_CARD_BACK", "DRIVING_LICENCE", "PURCHASE_INVOICE", "BANK_STATEMENT", "ID_CARD_FRONT"):
        read(world, ocr, case_id, slot, a_photograph(Kind(slot)))
    assert "verify_documents" in open_steps(case_id)
    assert "collect_materials" not in open_steps(case_id)
    page = looked_at(client, f"/cases/{number}/documents/")
    assert 'id="file-income_proof"' in page
    assert 'id="file-id_card_front"' not in page
    required = upload(
        as_file(a_photograph(Kind.ID_CARD_FRONT, seed=7)),
        case_id=case_id,
        slot="ID_CARD_FRONT",
        actor=world.customer(party_id),
        now=world.now,
        key="late",
    )
    assert not isinstance(required, Document)
    assert read(world, ocr, case_id, "INCOME_PROOF", a_photograph(Kind.BANK_STATEMENT, seed=9)).pk
