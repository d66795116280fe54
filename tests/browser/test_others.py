"""Somebody beside the applicant, in a real browser: home, their part, the consent; and the desk's help."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import DESK, AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.browser.test_desk_application import came_in
from tests.browser.test_portal_application import NoOverflow
from tests.journeys.acts import authorised, co_borrower, guarantor, handed_in, party_in, sent
from tests.journeys.conftest import outside

__all__ = ["outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def waiting(world: World) -> Case:
    """An application that waits for its co-borrower and its guarantor alone."""
    case_id = sent(world, **{**co_borrower(), **guarantor()})
    handed_in(world, case_id)
    case = Case.objects.get(pk=case_id)
    authorised(world, case_id, case.party_id or 0)
    return case


def looking(axe: AxeCheck, no_overflow: NoOverflow, screenshot: Screenshot) -> Callable[[Page, str], None]:
    """Checks a page and keeps its picture."""

    def look(page: Page, name: str) -> None:
        axe(page)
        no_overflow(page)
        screenshot(page, name)

    return look


def test_a_guarantor_finds_what_they_are_asked_for_and_authorises_it(
    pages: Pages,
    phone_page: Page,
    world: World,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: NoOverflow,
) -> None:
    look, case, page = looking(axe, no_overflow, screenshot), waiting(world), phone_page
    world.log_in(page, guarantor()["guarantor_mobile"])
    expect(page.get_by_role("heading", name="请您一起办理")).to_be_visible()
    look(page, "portal-part-home")
    page.get_by_role("link", name=case.number).click()
    look(page, "portal-part")
    wide = pages.open(DESK, storage_state=page.context.storage_state())
    wide.goto(f"/cases/{case.number}/part/")
    look(wide, "portal-wide-part")
    page.get_by_role("link", name="查看授权书").click()
    look(page, "portal-part-consent")
    world.pass_time()
    page.get_by_role("button", name="已阅读，获取验证码").click()
    page.get_by_label("验证码").fill(world.code())
    page.get_by_role("button", name="同意授权").click()
    expect(page.get_by_text("您已授权，轮到您签字时会通知您")).to_be_visible()
    applicant = pages.open({"width": 390, "height": 844})
    world.pass_time()
    world.log_in(applicant, world.facts.person.mobile)
    expect(applicant.get_by_text("等待共同借款人授权")).to_be_visible()
    expect(applicant.get_by_text("等待担保人授权")).to_have_count(0)
    look(applicant, "portal-tracker-others")


def test_the_desk_shows_who_is_missing_and_passes_their_code_on(
    pages: Pages, world: World, axe: AxeCheck, screenshot: Screenshot
) -> None:
    world.now = timezone.now().replace(microsecond=0)
    case = waiting(world)
    page = came_in(pages, world, "chenjing")
    page.goto(f"/desk/cases/{case.number}/?step=authorise_credit_of_others")
    expect(page.get_by_role("button", name="发送验证码")).to_have_count(2)
    page.get_by_text("请本人阅读授权书").first.click()
    axe(page)
    screenshot(page, "desk-others")
    page.get_by_role("button", name="发送验证码").last.click()
    expect(page.get_by_text("验证码已发到本人手机")).to_be_visible()
    page.get_by_label("读出的验证码").last.fill(world.code())
    page.get_by_role("button", name="确认", exact=True).last.click()
    expect(page.get_by_text("已记录本人的确认")).to_be_visible()
    expect(page.get_by_role("button", name="发送验证码")).to_have_count(1)
    assert party_in(case.pk, "GUARANTOR")
