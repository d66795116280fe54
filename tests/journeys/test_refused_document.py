"""A document that a clerk refuses: the customer sees it at once with its reason, and replaces it in place."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from cheqi import ports
from cheqi.areas.origination.operations.documents import reject_document, upload
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import draw
from cheqi.demo.outside import DrawnText
from cheqi.foundation.documents.models import Document
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.models import StepRow
from cheqi.ports.ocr import Ocr
from tests.journeys.acts import FACTS, done, open_steps, owner_of, settle_everything
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, case_page, login_of, posted
from tests.journeys.test_desk_pages import looked_at as at_the_desk_looked_at
from tests.journeys.test_desk_steps import doubted
from tests.journeys.test_notices import hear
from tests.journeys.test_portal_pages import at_the_phone, looked_at, of
from tests.journeys.test_turns import in_review

SLOT = "ID_CARD_FRONT"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(
    settings: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def refused_at_the_desk(world: World, slot: str = SLOT) -> int:
    """A case in whose verification the clerk sent one document back, and did nothing else yet."""
    case_id = doubted(world)
    document = Document.objects.get(case_id=case_id, slot=slot)
    clerk = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    given = {"document": str(document.pk), "reason_code": "GLARE", "note": ""}
    assert posted(clerk, case_id, "verify_documents", "reject", **given) == 302
    return case_id


def sent_again(world: World, case_id: int, slot: str = SLOT) -> None:
    """The customer sends another photograph, which is read without a doubt."""
    number, party_id = of(case_id)
    reader, picture = DrawnText(), io.BytesIO()
    reader.drawn = draw(Kind(slot), FACTS, seed=99)
    reader.drawn.image.save(picture, "PNG")
    path = f"/cases/{number}/documents/{slot}/upload/"
    with ports.bound(Ocr, reader):
        file = ContentFile(picture.getvalue(), "a.png")
        assert at_the_phone(world, party_id).post(path, {"file": file}).status_code == 302
        world.pass_time()


def ball(case_id: int) -> str:
    return StepRow.objects.get(case_id=case_id, key="verify_documents", status="OPEN").ball


def test_the_customer_sees_the_refusal_with_its_reason_and_the_upload_while_the_clerk_goes_on(
    world: World,
) -> None:
    case_id = refused_at_the_desk(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    for page in (looked_at(client, f"/cases/{number}/"), looked_at(client, f"/cases/{number}/documents/")):
        assert "反光" in page
        assert f"/cases/{number}/documents/{SLOT}/upload/" in page
        assert f"/cases/{number}/documents/BANK_STATEMENT/upload/" not in page
    assert "身份证人像面需要重拍" in looked_at(client, f"/cases/{number}/")
    assert "轮到您" in looked_at(client, f"/cases/{number}/")
    assert "有资料被退回，请重新上传" in looked_at(client, f"/cases/{number}/documents/")
    assert "verify_documents" in open_steps(case_id)


def test_the_live_tracker_changes_with_the_refusal(world: World) -> None:
    case_id = doubted(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    tag = client.get(f"/cases/{number}/live/").headers["ETag"]
    document = Document.objects.get(case_id=case_id, slot=SLOT)
    clerk = owner_of(world, case_id, "verify_documents")
    done(reject_document(document_id=document.pk, reason_code="GLARE", actor=clerk, now=world.now))
    after = client.get(f"/cases/{number}/live/", headers={"If-None-Match": tag})
    assert (after.status_code, "需要重拍" in after.content.decode()) == (200, True)


def test_the_message_leads_to_a_place_where_it_can_be_sent_at_once(world: World) -> None:
    case_id = refused_at_the_desk(world)
    hear(world)
    text = Message.objects.get(case_id=case_id, template="document_rejected").text
    assert "身份证（人像面）未通过（照片有反光" in text
    assert f"/track/?case={of(case_id)[0]}" in text


def test_a_replaced_document_gives_the_ball_back_and_the_clerk_confirms_all(world: World) -> None:
    case_id = refused_at_the_desk(world)
    assert ball(case_id) == "customer"
    clerk = owner_of(world, case_id, "verify_documents")
    settle_everything(world, case_id, clerk)
    sent_again(world, case_id)
    assert ball(case_id) == "us"
    desk = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    assert posted(desk, case_id, "verify_documents", "confirm", comment="已核对原件") == 302
    world.pass_time()
    assert "verify_documents" not in open_steps(case_id)
    states = (
        Document.objects.filter(case_id=case_id, slot=SLOT).order_by("pk").values_list("state", flat=True)
    )
    assert list(states) == ["REJECTED", "ACCEPTED"]


def test_nothing_is_confirmed_while_a_required_document_is_refused(world: World) -> None:
    case_id = refused_at_the_desk(world)
    settle_everything(world, case_id, owner_of(world, case_id, "verify_documents"))
    desk = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    assert "等客户重新上传：身份证人像面" in at_the_desk_looked_at(desk, case_page(case_id))
    assert posted(desk, case_id, "verify_documents", "confirm", comment="看过了") == 409
    assert "verify_documents" in open_steps(case_id)
    assert not Document.objects.filter(case_id=case_id, state="ACCEPTED").exists()


def test_a_document_that_was_not_refused_cannot_be_replaced_while_it_is_checked(world: World) -> None:
    case_id = refused_at_the_desk(world)
    _, party_id = of(case_id)
    late = upload(
        io.BytesIO(b"x"),
        case_id=case_id,
        slot="BANK_STATEMENT",
        actor=world.customer(party_id),
        now=world.now,
        key="late",
    )
    assert isinstance(late, Refused)
    assert late.kind is RefusalKind.NOT_NOW


def test_the_clerk_may_still_return_the_whole_case(world: World) -> None:
    case_id = refused_at_the_desk(world)
    desk = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    assert posted(desk, case_id, "verify_documents", "return", reason="请重拍身份证") == 302
    assert "collect_materials" in open_steps(case_id)
    sent_again(world, case_id)
    world.pass_time()
    assert "collect_materials" not in open_steps(case_id)


def test_a_single_document_is_not_sent_back_once_nobody_could_replace_it(world: World) -> None:
    case_id = in_review(world)
    document = Document.objects.filter(case_id=case_id).latest("pk")
    refused = reject_document(
        document_id=document.pk, reason_code="GLARE", actor=world.staff("limin"), now=world.now
    )
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_NOW
    document.refresh_from_db()
    assert document.state == "READ"
