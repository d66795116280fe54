"""The component library in a real browser: looks right, speaks to everybody, keeps the policy."""

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, AxeCheck, Pages, Screenshot

pytestmark = pytest.mark.browser
GUIDE = "/desk/_styleguide/"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _styleguide_is_there(settings: Any) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_is_accessible_at_the_desk(
    pages: Pages, axe: AxeCheck, screenshot: Screenshot, scheme: str, no_overflow: Callable[[Page], None]
) -> None:
    page = pages.open(DESK, color_scheme=scheme)
    page.goto(GUIDE)
    expect(page.locator(".chart canvas")).to_be_visible()
    axe(page)
    no_overflow(page)
    screenshot(page, f"components-desk-{scheme}")


@pytest.mark.parametrize("path", [GUIDE, f"{GUIDE}portal/"])
def test_every_component_is_accessible_on_a_phone(
    phone_page: Page, axe: AxeCheck, screenshot: Screenshot, path: str, no_overflow: Callable[[Page], None]
) -> None:
    phone_page.goto(path)
    axe(phone_page)
    no_overflow(phone_page)
    screenshot(phone_page, "components-phone" if path == GUIDE else "tracker-phone")


def test_columns_fold_to_tabs_that_arrow_keys_turn(pages: Pages) -> None:
    page = pages.open({"width": 1024, "height": 768})
    page.goto(GUIDE)
    expect(page.get_by_role("tab", name="资料")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="资料").press("ArrowRight")
    expect(page.get_by_role("tab", name="经过")).to_be_focused()
    expect(page.get_by_role("region", name="经过")).to_be_visible()
    expect(page.get_by_role("region", name="资料")).to_be_hidden()


def test_the_keyboard_moves_through_a_list_searches_and_shows_its_help(desk_page: Page) -> None:
    desk_page.goto(GUIDE)
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("j")
    expect(desk_page.locator("[data-current]")).to_contain_text("CQ-2026-000381")
    desk_page.keyboard.press("k")
    expect(desk_page.locator("[data-current]")).to_contain_text("CQ-2026-000364")
    desk_page.keyboard.press("?")
    expect(desk_page.get_by_role("dialog", name="键盘快捷键")).to_contain_text("转交")
    desk_page.keyboard.press("Escape")
    expect(desk_page.locator("#shortcuts")).to_be_hidden()


def test_a_dialog_opens_takes_the_focus_and_gives_it_back(desk_page: Page) -> None:
    desk_page.goto(GUIDE)
    opener = desk_page.get_by_role("button", name="退回补件").last
    opener.click()
    dialog = desk_page.get_by_role("dialog", name="退回补件")
    expect(dialog).to_be_visible()
    desk_page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_question_is_asked_first_and_the_answer_is_followed(desk_page: Page) -> None:
    desk_page.goto(GUIDE)
    dialog = desk_page.get_by_role("dialog", name="请确认")
    desk_page.keyboard.press("t")
    expect(dialog).to_contain_text("把这件转交给周敏？")
    dialog.get_by_role("button", name="再想想").click()
    expect(dialog).to_be_hidden()
    expect(desk_page.locator(".toast")).to_have_count(0)
    desk_page.keyboard.press("t")
    dialog.get_by_role("button", name="确定").click()
    toast = desk_page.locator(".toast")
    expect(toast).to_contain_text("已转交给周敏")
    toast.get_by_role("button", name="关闭").click()
    expect(toast).to_have_count(0)


def test_a_live_region_swaps_once_and_then_hears_that_nothing_changed(desk_page: Page) -> None:
    with desk_page.expect_response("**/live/") as first:
        desk_page.goto(GUIDE)
    assert first.value.status == 200
    expect(desk_page.locator("[data-live] time")).to_be_visible()
    with desk_page.expect_response(lambda answer: "/live/" in answer.url and answer.status == 304):
        pass


def test_the_viewer_zooms_turns_and_lights_the_box_of_a_field(desk_page: Page) -> None:
    desk_page.goto(GUIDE)
    viewer = desk_page.locator(".viewer")
    viewer.focus()
    desk_page.keyboard.press("+")
    expect(viewer.locator("[data-zoom]")).to_have_text("150%")
    desk_page.keyboard.press("r")
    expect(viewer.locator("[data-sheet]")).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    desk_page.get_by_label("识别代号").focus()
    expect(viewer.locator("polygon[data-box=vin]")).to_have_class("warn on")


def test_a_chosen_photo_is_shown_and_sent_at_once(phone_page: Page) -> None:
    phone_page.goto(f"{GUIDE}portal/")
    upload = phone_page.locator("#upload-retake")
    with phone_page.expect_response("**/upload/") as sent:
        upload.locator("input[type=file]").last.set_input_files(
            {"name": "licence.png", "mimeType": "image/png", "buffer": PIXEL}
        )
    assert sent.value.status == 200
    expect(phone_page.get_by_text(f"{len(PIXEL)} bytes")).to_be_visible()


def test_the_portal_is_installable(phone_page: Page) -> None:
    phone_page.goto(f"{GUIDE}portal/")
    manifest = phone_page.request.get("/manifest.webmanifest").json()
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert phone_page.request.get(icon["src"]).headers["content-type"] == "image/png"
    phone_page.evaluate("navigator.serviceWorker.ready.then(() => true)")
