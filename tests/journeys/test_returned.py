"""A case that was returned: the customer hears what is asked for, and can do it in place."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from PIL import Image

from cheqi.areas.origination.operations.documents import document_was_read
from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.documents.models import Document
from cheqi.foundation.eventlog.queries import timeline
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.definitions import definition_of_case
from cheqi.foundation.workflow.models import StepRow
from cheqi.web.telling import told
from tests.journeys.acts import decided, handed_in, open_steps
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, case_page
from tests.journeys.test_notices import hear
from tests.journeys.test_portal_pages import at_the_phone, looked_at, of
from tests.journeys.test_turns import LARGE, called, in_review

ASKED = "请补充近六个月流水"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(
    settings: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def returned(world: World, reason: str = ASKED) -> int:
    """A case that its reviewer returned, every document there."""
    case_id = in_review(world)
    decided(world, case_id, "review", "return", comment=reason)
    assert open_steps(case_id) >= {"collect_materials"}
    return case_id


def _file() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (700, 500), "#c8d0e0").save(picture, "PNG")
    return picture.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_tracker_shows_what_the_reviewer_asks_for_and_leads_to_the_documents(world: World) -> None:
    case_id = returned(world)
    number, party_id = of(case_id)
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/")
    assert "补充或更换资料" in page
    assert ASKED in page
    assert "「额度审批」看过了，请您补充或更换资料" in page
    assert f'href="/cases/{number}/documents/"' in page
    documents = looked_at(at_the_phone(world, party_id), f"/cases/{number}/documents/")
    assert ASKED in documents
    assert "自动交回审核" in documents


@pytest.mark.parametrize("slot", ["BANK_STATEMENT", "INCOME_PROOF"])
def test_a_document_that_is_replaced_or_added_brings_the_case_back_to_review(world: World, slot: str) -> None:
    case_id = returned(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    sent = client.post(
        f"/cases/{number}/documents/{slot}/upload/", {"file": ContentFile(_file(), "流水.png")}
    )
    assert sent.status_code == 302
    document = Document.objects.filter(case_id=case_id, slot=slot).latest("pk")
    Document.objects.filter(pk=document.pk).update(state="READ", kind="", model_version="test")
    document.refresh_from_db()
    with transaction.atomic():
        document_was_read(document, now=world.now)
    world.pass_time()
    assert "collect_materials" not in open_steps(case_id)
    assert StepRow.objects.get(case_id=case_id, key="review", status="OPEN").round == 2
    assert ASKED not in looked_at(client, f"/cases/{number}/")


def test_the_very_file_that_was_there_is_not_taken_for_what_was_asked_for(world: World) -> None:
    case_id = returned(world)
    number, party_id = of(case_id)
    Document.objects.filter(case_id=case_id, slot="BANK_STATEMENT").update(original_sha256=sha256(_file()))
    before = Document.objects.filter(case_id=case_id).count()
    answer = at_the_phone(world, party_id).post(
        f"/cases/{number}/documents/BANK_STATEMENT/upload/", {"file": ContentFile(_file(), "流水.png")}
    )
    assert answer.status_code == 422
    assert "这份资料和之前交的一样" in answer.content.decode()
    assert Document.objects.filter(case_id=case_id).count() == before
    assert "collect_materials" in open_steps(case_id)


def test_every_document_that_is_there_can_be_replaced_also_an_accepted_one(world: World) -> None:
    case_id = returned(world)
    number, party_id = of(case_id)
    Document.objects.filter(case_id=case_id).update(state="ACCEPTED", decided_at=world.now)
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/documents/")
    slots = set(Document.objects.filter(case_id=case_id).values_list("slot", flat=True))
    assert page.count("换一份") == len(slots) == 5
    for slot in (*slots, "INCOME_PROOF"):
        assert f"/cases/{number}/documents/{slot}/upload/" in page


def test_without_a_return_nothing_is_asked_for_beside_the_documents(world: World) -> None:
    case_id = in_review(world)
    number, party_id = of(case_id)
    Document.objects.filter(case_id=case_id).update(state="ACCEPTED", decided_at=world.now)
    client = at_the_phone(world, party_id)
    assert "补充或更换资料" not in looked_at(client, f"/cases/{number}/")
    assert "换一份" not in looked_at(client, f"/cases/{number}/documents/")


def test_a_return_without_a_word_still_says_what_to_do(world: World) -> None:
    case_id = returned(world)
    StepRow.objects.filter(case_id=case_id, key="review").update(reason="")
    number, party_id = of(case_id)
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/")
    assert "不清楚补什么可以联系客服" in page


def test_the_newest_return_is_the_one_that_is_shown(world: World) -> None:
    case_id = returned(world)
    handed_in(world, case_id, only="BANK_STATEMENT")
    world.pass_time()
    decided(world, case_id, "review", "return", comment="请补充收入证明", key="second-return")
    number, party_id = of(case_id)
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/")
    assert "请补充收入证明" in page
    assert ASKED not in page


def test_the_customer_is_told_by_message_what_is_asked_for(world: World) -> None:
    case_id = returned(world)
    hear(world)
    message = Message.objects.get(case_id=case_id, template="more_needed")
    assert ASKED in message.text


def test_the_desk_shows_the_reason_and_takes_another_document_for_the_customer(world: World) -> None:
    case_id = returned(world)
    page = at_the_desk(world, "chenjing").get(f"{case_page(case_id)}work/?step=collect_materials")
    content = page.content.decode()
    assert "「额度审批」退回，请客户补充或更换" in content
    assert ASKED in content
    assert "/documents/BANK_STATEMENT/" in content


def test_the_reviewer_is_told_that_the_customer_reads_the_reason(world: World) -> None:
    case_id = in_review(world)
    owner = StepRow.objects.get(case_id=case_id, key="review").owner_id
    login = next(login for login, one in world.lender.members.items() if one.pk == owner)
    page = at_the_desk(world, login).get(f"{case_page(case_id)}?step=review").content.decode()
    assert "客户会看到这段话" in page


def test_the_customers_timeline_tells_a_return_and_not_what_a_single_reviewer_thinks(world: World) -> None:
    case_id = in_review(world, **LARGE)
    called(world, case_id)
    decided(world, case_id, "review", "refuse", reasons=["DEBT"])
    decided(world, case_id, "second_review", "return", comment=ASKED)
    world.settle()
    _, party_id = of(case_id)
    definition = definition_of_case(case_id)
    lines = [told(one, definition, "zh-hans") for one in timeline(case_id, world.customer(party_id))]
    assert "「额度审批」已完成" in lines
    assert "「额度复核」看过了，请您补充或更换资料" in lines
    assert not [line for line in lines if "拒绝" in line or "同意" in line]
    at_desk = [told(one, definition, "zh-hans") for one in timeline(case_id, SYSTEM)]
    assert f"「额度复核」退回补件：{ASKED}" in at_desk
