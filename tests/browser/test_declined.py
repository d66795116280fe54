"""A guarantor declines in a real browser, and the client manager settles it at the desk."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.browser.test_desk_application import came_in
from tests.browser.test_others import looking, waiting
from tests.browser.test_portal_application import NoOverflow
from tests.journeys.acts import guarantor, open_steps
from tests.journeys.conftest import outside

__all__ = ["outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_guarantor_declines_and_the_client_manager_goes_on_without_them(
    pages: Pages,
    phone_page: Page,
    world: World,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: NoOverflow,
) -> None:
    look, page = looking(axe, no_overflow, screenshot), phone_page
    world.now = timezone.now().replace(microsecond=0)
    case = waiting(world)
    world.log_in(page, guarantor()["guarantor_mobile"])
    page.goto(f"/cases/{case.number}/consent/")
    page.get_by_role("button", name="我不同意").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_role("heading", name="您已表示不同意")).to_be_visible()
    look(page, "portal-part-declined")
    applicant = pages.open({"width": 390, "height": 844})
    world.log_in(applicant, world.facts.person.mobile)
    expect(applicant.get_by_text("不同意征信授权").first).to_be_visible()
    look(applicant, "portal-tracker-declined")
    desk = came_in(pages, world, "chenjing")
    desk.goto(f"/desk/cases/{case.number}/?step=change_people")
    expect(desk.get_by_text("下面的按钮处理的是担保人")).to_be_visible()
    axe(desk)
    screenshot(desk, "desk-change-people")
    desk.get_by_role("button", name="换人").click()
    expect(desk.get_by_label("新的人：姓名")).to_be_visible()
    axe(desk)
    screenshot(desk, "desk-change-people-replace")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="不要这个人").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("原因").fill("客户决定不要担保")
    dialog.get_by_role("button", name="不要这个人").click()
    expect(desk.get_by_text("已去掉这个人")).to_be_visible()
    assert open_steps(case.pk) >= {"authorise_credit_of_others"}
