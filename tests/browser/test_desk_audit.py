"""The audit log and the lists of the desk in a real browser: readable, by keyboard, on a phone too."""

import re

import pytest
from playwright.sync_api import Page, expect

from cheqi.foundation.eventlog.operations import seal
from cheqi.foundation.privacy.operations import unmask
from cheqi.foundation.workflow.models import Case
from cheqi.records.parties.models import Party
from tests.browser.conftest import PHONE, AxeCheck, Pages, Screenshot
from tests.browser.test_desk_application import came_in, day
from tests.journeys.acts import PERSON, handed_in, sent
from tests.journeys.conftest import World, outside, world

__all__ = ["day", "outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
LISTS = (
    "audit/",
    "cases/",
    "escalated/",
    "failures/",
    "rules/",
    "people/",
    "products/",
    "board/",
    "settings/",
)


@pytest.fixture
def checked(day: World) -> int:
    """A case on which somebody looked at the customer's mobile; everything is sealed."""
    case_id = sent(day)
    handed_in(day, case_id)
    party = Party.objects.get(pk=Case.objects.get(pk=case_id).party_id)
    unmask(
        party,
        "mobile",
        actor=day.staff("zhaolei"),
        reason="致电客户核实收入",
        now=day.now,
        case_id=case_id,
        party_id=party.pk,
    )
    seal(day.now)
    return case_id


def has_no_overflow(page: Page) -> bool:
    """Nothing sticks out at the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_an_unmasking_is_found_with_its_proof(
    pages: Pages, day: World, checked: int, axe: AxeCheck, screenshot: Screenshot
) -> None:
    page = came_in(pages, day, "zhouning")
    page.get_by_role("link", name="审计").click()
    expect(page.get_by_role("heading", level=1, name="审计日志")).to_be_visible()
    axe(page)
    screenshot(page, "desk-audit")
    page.get_by_role("link", name="查看完整信息").click()
    line = page.get_by_role("link", name=re.compile("致电客户核实收入"))
    expect(line).to_have_count(1)
    line.click()
    expect(page.get_by_text("已封存，核对无误")).to_be_visible()
    axe(page)
    screenshot(page, "desk-audit-entry")


def test_what_is_searched_for_by_keyboard_is_in_no_address(
    pages: Pages, day: World, checked: int, axe: AxeCheck
) -> None:
    page = came_in(pages, day, "zhaolei")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer')}"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(PERSON.mobile)
    page.keyboard.press("Enter")
    number = Case.objects.get(pk=checked).number
    expect(page.get_by_role("link", name=re.compile(number))).to_be_visible()
    page.wait_for_load_state()
    axe(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(number))
    page.go_back()
    expect(page.get_by_role("link", name=re.compile(number))).to_be_visible()
    assert asked
    assert not [one for one in asked if PERSON.mobile in one]


def test_the_lists_fit_on_a_phone(pages: Pages, day: World, checked: int, axe: AxeCheck) -> None:
    page = came_in(pages, day, "zhouning")
    page.set_viewport_size(PHONE)
    for place in LISTS:
        page.goto(f"/desk/{place}")
        assert has_no_overflow(page), place
        expect(page.locator(".rail [aria-current]")).to_be_in_viewport()
        axe(page)
