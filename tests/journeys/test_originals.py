"""Photographs and papers open to who works on the case; to others for a reason on record, or not at all."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.documents.operations import open_pictures
from cheqi.foundation.documents.queries import crop, image, pictures_of, sight_of, thumbnail
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.originals import Sight
from cheqi.foundation.paper import queries as papers
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.paper.operations import open_paper
from cheqi.foundation.privacy.models import Unmasking
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.operations import withdraw
from cheqi.foundation.workflow.store import load_case
from tests.journeys.acts import decided, done
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, case_page, in_review, login_of, looked_at
from tests.journeys.test_desk_steps import doubted

REASON = "抽查资料核验质量"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def card_of(case_id: int) -> Document:
    return Document.objects.get(case_id=case_id, slot="ID_CARD_FRONT")


def addresses(card: Document) -> tuple[str, str, str]:
    return tuple(f"/desk/documents/{card.pk}/{end}/" for end in ("1", "small", "crop/name"))  # type: ignore[return-value]


def statuses(client: Client, card: Document) -> list[int]:
    return [client.get(url).status_code for url in addresses(card)]


def test_who_stands_how_to_the_photographs_while_the_documents_are_verified(world: World) -> None:
    case_id = doubted(world)
    clerk = login_of(world, case_id, "verify_documents")
    expected = {
        clerk: Sight.OPEN,  # the step is theirs
        "limin": Sight.OPEN,  # holds its role at the branch
        "chenjing": Sight.OPEN,  # opened the case
        "zhaolei": Sight.ASKED,  # reviews later
        "zhouning": Sight.ASKED,
        "wutong": Sight.ASKED,
        "admin": Sight.CLOSED,
        "fengqi": None,  # the same role at another branch
    }
    found = {one: sight_of(card_of(case_id).pk, world.staff(one), world.now) for one in expected}
    assert found == expected


def test_the_reviewer_opens_them_in_review_and_the_clerk_who_verified_still_does(world: World) -> None:
    case_id = in_review(world)
    card = card_of(case_id)
    reviewer = login_of(world, case_id, "review")
    for login in (reviewer, "chenjing"):
        assert sight_of(card.pk, world.staff(login), world.now) is Sight.OPEN
    assert Unmasking.objects.count() == 0


def test_when_the_case_has_ended_everybody_says_why(world: World) -> None:
    case_id = in_review(world)
    party_id = Case.objects.get(pk=case_id).party_id or 0
    customer = world.customer(party_id)
    done(withdraw(case_id=case_id, reason="改为全款购车", actor=customer, now=world.now, key="w"))
    card = card_of(case_id)
    assert sight_of(card.pk, world.staff("chenjing"), world.now) is Sight.ASKED
    assert sight_of(card.pk, world.staff("admin"), world.now) is Sight.CLOSED
    assert image(card.pk, 1, customer, world.now) is not None


def test_the_administrator_gets_no_picture_and_no_reason_helps(world: World) -> None:
    case_id = doubted(world)
    card, admin = card_of(case_id), at_the_desk(world, "admin")
    assert statuses(admin, card) == [404, 404, 404]
    for url in (f"/desk/documents/{card.pk}/open/",):
        assert admin.get(url).status_code == 404
        assert admin.post(url, {"reason": REASON}).status_code == 404
    refused = open_pictures(card.pk, actor=world.staff("admin"), reason=REASON, now=world.now)
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_ALLOWED
    assert (Unmasking.objects.count(), EventRow.objects.filter(type="access.unmasked").count()) == (0, 0)


def test_the_administrators_pages_show_kind_and_state_and_a_plain_place(world: World) -> None:
    case_id = doubted(world)
    admin = at_the_desk(world, "admin")
    verifying = looked_at(admin, f"{case_page(case_id)}work/?step=verify_documents")
    collecting = looked_at(admin, f"{case_page(case_id)}work/?step=collect_materials")
    for page in (verifying, collecting):
        assert "身份证（人像面）" in page
        assert "无权查看原图" in page
        assert not re.search(r'(src|href)="/desk/documents/', page)
    assert "/desk/documents/" not in looked_at(admin, f"{case_page(case_id)}facts/")


def test_the_auditor_says_why_and_then_looks_for_half_an_hour(world: World) -> None:
    case_id = doubted(world)
    card, auditor = card_of(case_id), at_the_desk(world, "wutong")
    page, small, cut = addresses(card)
    place = looked_at(auditor, f"{case_page(case_id)}work/?step=verify_documents&document={card.pk}")
    assert "说明理由后查看" in place
    assert page not in place
    asking = f"/desk/documents/{card.pk}/open/"
    for url in (page, cut):
        answer = auditor.get(url)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, asking)
    assert auditor.get(small).status_code == 404
    assert "记录在案" in looked_at(auditor, asking)
    assert auditor.post(asking, {"reason": "看"}).status_code == 422
    assert Unmasking.objects.count() == 0

    answer = auditor.post(asking, {"reason": REASON, "next": cut})

    assert (answer.status_code, answer.headers["Location"]) == (302, cut)
    assert statuses(auditor, card) == [200, 200, 200]
    row = Unmasking.objects.get()
    assert (row.actor_name, row.table, row.field) == ("吴桐", "documents_document", "picture")
    assert (row.reason, row.at) == (REASON, world.now)
    event = EventRow.objects.get(type="access.unmasked")
    assert (event.case_id, event.party_id, event.payload["reason"]) == (case_id, card.party_id, REASON)
    assert page in looked_at(auditor, f"{case_page(case_id)}work/?step=verify_documents&document={card.pk}")
    assert statuses(at_the_desk(world, "hanxue"), card) == [302, 404, 302]
    world.now += timedelta(minutes=31)
    assert statuses(auditor, card) == [302, 404, 302]


def test_one_document_opened_leaves_the_others_closed(world: World) -> None:
    case_id = doubted(world)
    card, auditor = card_of(case_id), world.staff("wutong")
    other = Document.objects.filter(case_id=case_id).exclude(pk=card.pk).order_by("pk")[0]
    done(open_pictures(card.pk, actor=auditor, reason=REASON, now=world.now))
    loaded = load_case(case_id)
    assert loaded is not None
    pictures = pictures_of(loaded.record, auditor, world.now)
    assert (pictures.sight(card.pk), pictures.sight(other.pk)) == (Sight.OPEN, Sight.ASKED)
    assert thumbnail(other.pk, auditor, world.now) is None


def test_a_crop_is_no_way_around_the_page(world: World) -> None:
    case_id = doubted(world)
    field = FieldValue.objects.filter(document__case_id=case_id, name="name").order_by("pk")[0]
    clerk = world.staff(login_of(world, case_id, "verify_documents"))
    assert crop(field.document_id, "name", clerk, world.now) is not None
    for login in ("admin", "wutong", "zhaolei"):
        assert crop(field.document_id, "name", world.staff(login), world.now) is None


def test_a_review_that_somebody_else_looks_at_lists_documents_without_pictures(world: World) -> None:
    case_id = in_review(world)
    for login, words in (("admin", "无权查看原图"), ("wutong", "说明理由后查看")):
        page = looked_at(at_the_desk(world, login), f"{case_page(case_id)}work/?step=review")
        assert words in page
        assert "/small/" not in page
    reviewer = at_the_desk(world, login_of(world, case_id, "review"))
    assert "/small/" in looked_at(reviewer, f"{case_page(case_id)}work/?step=review")


def test_a_contract_opens_as_a_photograph_does(world: World) -> None:
    case_id = in_review(world)
    decided(world, case_id, "review", "approve")
    paper = Paper.objects.filter(case_id=case_id).order_by("pk")[0]
    page = f"/desk/papers/{paper.pk}/"
    assert at_the_desk(world, "chenjing").get(page).status_code == 200
    assert at_the_desk(world, "admin").get(page).status_code == 404
    assert papers.download(paper.pk, world.staff("admin"), world.now) is None
    assert isinstance(open_paper(paper.pk, actor=world.staff("admin"), reason=REASON, now=world.now), Refused)
    auditor = at_the_desk(world, "wutong")
    assert auditor.get(page).headers["Location"].startswith(f"{page}open/")
    assert auditor.post(f"{page}open/", {"reason": REASON}).headers["Location"] == page
    assert auditor.get(page).status_code == 200
    assert Unmasking.objects.get().field == "paper"
