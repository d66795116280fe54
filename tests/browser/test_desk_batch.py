"""Several documents are dropped on a case at once: each with its place, its progress and what is wrong."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import draw
from cheqi.foundation.documents.models import Document
from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import AxeCheck, Pages
from tests.browser.test_desk_application import came_in, day
from tests.journeys.acts import FACTS, sent
from tests.journeys.conftest import World, outside, world

__all__ = ["day", "outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def a_photograph(kind: Kind, name: str) -> FilePayload:
    picture = io.BytesIO()
    draw(kind, FACTS, seed=1).image.save(picture, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": picture.getvalue()}


def at_the_documents(day: World, pages: Pages) -> tuple[Page, Case]:
    case = Case.objects.get(pk=sent(day))
    page = came_in(pages, day, "chenjing")
    page.goto(f"/desk/cases/{case.number}/?step=collect_materials")
    expect(page.get_by_text("把几份资料一起拖到这里")).to_be_visible()
    return page, case


def test_several_files_go_up_at_once_each_with_its_own_outcome(
    day: World, pages: Pages, axe: AxeCheck, no_overflow: Callable[[Page], None]
) -> None:
    page, case = at_the_documents(day, pages)
    files = [
        a_photograph(Kind.DRIVING_LICENCE, "驾驶证.png"),
        a_photograph(Kind.ID_CARD_FRONT, "IMG_1.png"),
        {"name": "IMG_2.png", "mimeType": "image/png", "buffer": b"no picture at all"},
    ]
    page.locator("#batch-documents").set_input_files(files)
    rows = page.locator(".batch-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0).locator("select")).to_have_value("DRIVING_LICENCE")
    expect(rows.nth(1).locator("select")).to_have_value("ID_CARD_FRONT")
    axe(page)
    no_overflow(page)
    assert Document.objects.count() == 0
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已上传 2 个，共 3 个")).to_be_visible()
    expect(rows.nth(0)).to_contain_text("已上传")
    expect(rows.nth(2).get_by_role("button", name="重试：IMG_2.png")).to_be_visible()
    expect(rows.nth(2).locator("[data-said]")).to_have_class("small bad-line")
    slots = set(Document.objects.filter(case_id=case.pk).values_list("slot", flat=True))
    assert slots == {"DRIVING_LICENCE", "ID_CARD_FRONT"}
    expect(page.locator("#slot-DRIVING_LICENCE .upload")).to_have_count(0)


def test_two_files_for_one_document_are_not_sent_until_one_is_changed_or_taken_away(
    day: World, pages: Pages
) -> None:
    page, _case = at_the_documents(day, pages)
    page.locator("#batch-documents").set_input_files(
        [a_photograph(Kind.ID_CARD_FRONT, "a.png"), a_photograph(Kind.ID_CARD_BACK, "b.png")]
    )
    rows = page.locator(".batch-row")
    rows.nth(1).locator("select").select_option("ID_CARD_FRONT")
    page.get_by_role("button", name="上传", exact=True).click()
    expect(rows.nth(0)).to_contain_text("有两个文件选了同一份资料")
    assert Document.objects.count() == 0
    rows.nth(1).get_by_role("button", name="移除：b.png").press("Enter")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="上传", exact=True).press("Enter")
    expect(rows.nth(0)).to_contain_text("已上传")
    assert list(Document.objects.values_list("slot", flat=True)) == ["ID_CARD_FRONT"]


def test_a_transfer_that_fails_is_said_and_another_try_sends_the_file(day: World, pages: Pages) -> None:
    page, _case = at_the_documents(day, pages)
    page.locator("#batch-documents").set_input_files([a_photograph(Kind.ID_CARD_FRONT, "a.png")])
    address = "**/documents/ID_CARD_FRONT/"
    page.route(address, lambda route: route.fulfill(status=408, body=""))
    page.get_by_role("button", name="上传", exact=True).click()
    row = page.locator(".batch-row")
    expect(row).to_contain_text("没有传上去")
    page.unroute(address)
    row.get_by_role("button", name="重试：a.png").click()
    expect(row).to_contain_text("已上传")
    assert Document.objects.count() == 1
