"""A customer turns messages off on their phone, and by the link in a mail; both pages are looked at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cheqi.core.contact.contact import Purpose
from cheqi.foundation.messages.unsubscribing import link
from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import AxeCheck, Screenshot
from tests.browser.portal_world import World, world
from tests.journeys.acts import sent
from tests.journeys.conftest import outside

__all__ = ["outside", "world"]
pytestmark = pytest.mark.browser


def test_a_customer_turns_a_message_off_and_finds_it_off_again(
    phone_page: Page,
    world: World,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: Callable[[Page], None],
) -> None:
    page = phone_page
    sent(world)
    world.log_in(page, world.facts.person.mobile)
    expect(page.locator("nav.tabs-bottom")).to_be_visible()
    page.goto("/me/")
    page.get_by_role("link", name="消息设置").click()
    progress = page.get_by_label("短信").first
    expect(progress).to_be_checked()
    axe(page)
    no_overflow(page)
    screenshot(page, "portal-message-settings")
    progress.uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    expect(page.get_by_label("短信").first).not_to_be_checked()
    expect(page.get_by_label("邮件").first).to_be_checked()


def test_the_link_in_a_mail_asks_before_it_turns_anything_off(
    desk_page: Page, world: World, axe: AxeCheck, no_overflow: Callable[[Page], None], screenshot: Screenshot
) -> None:
    party_id = Case.objects.get(pk=sent(world)).party_id
    desk_page.goto("/unsubscribe/" + link(party_id, Purpose.PROGRESS).partition("/unsubscribe/")[2])
    expect(desk_page.get_by_role("heading", name="不再接收这类邮件？")).to_be_visible()
    axe(desk_page)
    no_overflow(desk_page)
    screenshot(desk_page, "portal-unsubscribe")
    desk_page.get_by_role("button", name="关闭这类邮件").click()
    expect(desk_page.get_by_role("heading", name="已关闭")).to_be_visible()
