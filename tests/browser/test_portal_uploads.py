"""Uploads on a phone with a bad network, and of files that are no photograph: what the page says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from cheqi.core.documents.kinds import Kind
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.tests import files
from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.journeys.acts import sent
from tests.journeys.conftest import outside

__all__ = ["outside", "world"]
pytestmark = pytest.mark.browser
BROKEN = ("htmx:sendError", "htmx:sendAbort", "htmx:afterRequest", "net::ERR_", "status of 5")
SLOW_BYTES_A_SECOND = 40_000


@pytest.fixture
def at_documents(pages: Pages, phone_page: Page, world: World) -> Page:
    """A customer at the documents page of an application that was just sent; a broken network is forgiven."""
    pages.forgiven += BROKEN
    number = Case.objects.get(pk=sent(world)).number
    world.log_in(phone_page, world.facts.person.mobile)
    phone_page.goto(f"/cases/{number}/documents/")
    return phone_page


def card(page: Page, slot: str = "ID_CARD_FRONT") -> Locator:
    """The card of one document."""
    return page.locator(f"#slot-{slot}")


def choose(page: Page, content: bytes, name: str = "photo.png", slot: str = "ID_CARD_FRONT") -> None:
    """A file from the album."""
    file = {"name": name, "mimeType": "image/png", "buffer": content}
    card(page, slot).locator("input[type=file]").last.set_input_files(file)


def throttled(page: Page, bytes_a_second: int) -> None:
    """The phone's connection from here on."""
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 100, "downloadThroughput": -1, "uploadThroughput": bytes_a_second},
    )


def test_a_slow_upload_shows_how_far_it_is_and_can_be_stopped(
    at_documents: Page, world: World, axe: AxeCheck, screenshot: Screenshot
) -> None:
    page = at_documents
    throttled(page, SLOW_BYTES_A_SECOND)
    choose(page, world.picture(Kind.ID_CARD_FRONT) + b"\0" * 1_500_000)
    expect(card(page).get_by_text("已上传")).to_be_visible()
    expect(card(page).locator("progress")).to_have_attribute("value", re.compile(r"^[1-9][0-9]?$"))
    axe(page)
    screenshot(page, "portal-upload-slow")
    card(page).get_by_role("button", name="停止上传").click()
    expect(card(page).get_by_text("已停止，这张照片没有上传")).to_be_visible()
    expect(card(page).locator("progress")).to_be_hidden()
    expect(card(page).get_by_text("从相册选")).to_be_visible()
    assert not Document.objects.exists()


def test_a_broken_upload_keeps_the_photograph_and_goes_on_at_a_press(
    at_documents: Page, world: World, axe: AxeCheck, screenshot: Screenshot
) -> None:
    page, asked = at_documents, []

    def broken_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/upload/", broken_once)
    choose(page, world.picture(Kind.ID_CARD_FRONT))
    expect(card(page).get_by_text("连接断了")).to_be_visible()
    expect(card(page).get_by_role("img", name="您刚选的照片")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
    axe(page)
    screenshot(page, "portal-upload-broken")
    card(page).get_by_role("button", name="继续上传").click()
    expect(card(page).get_by_text("识别中")).to_be_visible()
    assert Document.objects.count() == 1


def test_a_photograph_chosen_without_a_network_goes_up_by_itself_once_there_is_one(
    at_documents: Page, world: World, screenshot: Screenshot
) -> None:
    page = at_documents
    page.context.set_offline(True)
    choose(page, world.picture(Kind.ID_CARD_FRONT))
    expect(card(page).get_by_text("现在没有网络，照片还没传上去")).to_be_visible()
    expect(page.get_by_text("看到的可能不是最新情况")).to_be_visible()
    screenshot(page, "portal-upload-offline")
    page.context.set_offline(False)
    expect(card(page).get_by_text("识别中")).to_be_visible()
    expect(page.get_by_text("看到的可能不是最新情况")).to_be_hidden()
    assert Document.objects.count() == 1


def test_what_is_left_is_counted_as_documents_arrive(at_documents: Page, world: World) -> None:
    page = at_documents
    expect(page.locator("#documents-lead")).to_contain_text("还差 5 份")
    choose(page, world.picture(Kind.ID_CARD_FRONT))
    expect(page.locator("#documents-lead")).to_contain_text("还差 4 份")


BAD: tuple[tuple[str, str, Callable[[], bytes], str], ...] = (
    ("notes.jpg", "ID_CARD_FRONT", lambda: b"this is a text file", "文件内容不是照片或 PDF"),
    ("half.jpg", "ID_CARD_FRONT", lambda: files.encoded(files.card(1))[:9_000], "照片不完整"),
    ("huge.png", "ID_CARD_FRONT", lambda: files.png_header_of(30_000, 30_000), "照片的像素太多"),
    ("drawing.svg", "ID_CARD_FRONT", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG 是网页图形"),
    ("empty.jpg", "ID_CARD_FRONT", lambda: b"", "文件是空的"),
    ("phone.heic", "ID_CARD_FRONT", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC 格式"),
    ("script.pdf", "BANK_STATEMENT", lambda: files.pdf(script=True), "带有脚本或自动执行的动作"),
)


@pytest.mark.parametrize(("name", "slot", "content", "words"), BAD, ids=[row[0] for row in BAD])
def test_a_file_that_cannot_be_taken_says_what_happened_and_what_to_do(
    at_documents: Page, name: str, slot: str, content: Callable[[], bytes], words: str
) -> None:
    page = at_documents
    choose(page, content(), name, slot)
    alert = card(page, slot).get_by_role("alert")
    expect(alert).to_contain_text(words)
    expect(alert).to_contain_text("请")
    expect(card(page, slot).locator("label.btn").first).to_be_visible()
    assert not Document.objects.exists()


def test_a_file_of_200_megabytes_is_not_even_sent(at_documents: Page, tmp_path: Path) -> None:
    page, large = at_documents, tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    card(page).locator("input[type=file]").last.set_input_files(large)
    expect(card(page).get_by_text("文件超过 20 MB，没有上传")).to_be_visible()
    assert [url for url in asked if "/upload/" in url] == []


def test_the_photograph_that_was_sent_back_is_not_taken_again(at_documents: Page, world: World) -> None:
    page, picture = at_documents, world.picture(Kind.ID_CARD_FRONT)
    choose(page, picture)
    expect(card(page).get_by_text("识别中")).to_be_visible()
    Document.objects.update(state="REJECTED", reason_code="GLARE")
    page.reload()
    expect(card(page).get_by_text("照片有反光")).to_be_visible()
    choose(page, picture)
    expect(card(page).get_by_role("alert")).to_contain_text("这就是刚才没有通过的那张照片")
