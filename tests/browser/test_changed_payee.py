"""The dealer's account changed behind a case that is ready to be paid: the officer has it checked again."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import PHONE, AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.browser.test_desk_application import came_in, login_of
from tests.browser.test_others import looking
from tests.browser.test_portal_application import NoOverflow
from tests.journeys.acts import open_steps
from tests.journeys.conftest import outside
from tests.journeys.test_payee import moved, ready_to_pay, seller_of

__all__ = ["outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_changed_payee_is_checked_again_from_the_payout_and_the_customer_stays_calm(
    pages: Pages,
    phone_page: Page,
    world: World,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: NoOverflow,
) -> None:
    look = looking(axe, no_overflow, screenshot)
    world.now = timezone.now().replace(microsecond=0)
    world.apart(lambda: ready_to_pay(world))
    case = Case.objects.get()
    officer = came_in(pages, world, login_of(world, case.pk, "disburse"))
    officer.goto(f"/desk/cases/{case.number}/?step=disburse")
    expect(officer.get_by_text("银行已核验")).to_be_visible()
    expect(officer.get_by_role("button", name="重新核验收款账户")).to_have_count(0)
    dealer = seller_of(case.pk)
    moved(world, dealer, f"{dealer.account[:-4]}1234")
    officer.reload()
    expect(officer.get_by_text("请先重新核验收款账户").first).to_be_visible()
    expect(officer.get_by_role("button", name="同意放款")).to_be_disabled()
    look(officer, "desk-payee-changed")
    officer.set_viewport_size(PHONE)
    look(officer, "desk-payee-changed-phone")
    officer.set_viewport_size({"width": 1280, "height": 900})
    officer.get_by_role("button", name="重新核验收款账户").click()
    expect(officer.get_by_role("dialog").get_by_text("合同、保险和抵押都不用重办")).to_be_visible()
    look(officer, "desk-payee-recheck")
    officer.get_by_role("dialog").get_by_role("button", name="重新核验收款账户").click()
    expect(officer.get_by_text("银行正在重新核验收款账户")).to_be_visible()
    assert open_steps(case.pk) == {"verify_payee"}
    world.log_in(phone_page, world.facts.person.mobile)
    expect(phone_page.get_by_text("正在与银行核对经销商收款账户").first).to_be_visible()
    look(phone_page, "portal-tracker-payee")
    world.pass_time(30)
    world.pass_time(30)
    officer.goto(f"/desk/cases/{case.number}/?step=disburse")
    expect(officer.get_by_text("银行已核验")).to_be_visible()
    expect(officer.get_by_role("button", name="重新核验收款账户")).to_have_count(0)
