"""A case is worked at the desk in a real browser: from the queue by keyboard to the payout."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from cheqi.demo.lender import PASSWORD
from cheqi.foundation.staff.tests.scenarios import enrolled
from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import PHONE, AxeCheck, Pages, Screenshot
from tests.journeys.acts import CAR, authorised, handed_in, open_steps, owner_of, sent, signed
from tests.journeys.conftest import World, outside, world

__all__ = ["outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def day(transactional_db: None, world: World) -> World:
    """The lender today: the browser's clock is the real one."""
    world.now = timezone.now().replace(microsecond=0)
    return world


def came_in(pages: Pages, world: World, login: str) -> Page:
    """A colleague's screen, with password and authenticator given."""
    member = world.lender.members[login]
    member.refresh_from_db()
    if member.totp_confirmed_at is None:
        enrolled(member, timezone.now())
        member.totp_last_step = 0
        member.save(update_fields=["totp_last_step"])
    page = pages.open(DESK)
    page.goto("/desk/")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("动态验证码").fill(pyotp.TOTP(member.totp_secret).at(timezone.now()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("我的任务"))).to_be_visible()
    page.wait_for_load_state()  # keys do something once the page's script has run
    return page


def elsewhere(act: Callable[[], object]) -> None:
    """Does it in a thread of its own: signing runs an event loop, and the browser's runs in this one."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def login_of(world: World, case_id: int, step: str) -> str:
    """The log-in of the colleague whom the step was given to."""
    owner = owner_of(world, case_id, step)
    return next(login for login, member in world.lender.members.items() if str(member.pk) == owner.id)


def test_a_case_is_worked_from_the_queue_to_the_payout(
    day: World, pages: Pages, axe: AxeCheck, screenshot: Screenshot, no_overflow: Callable[[Page], None]
) -> None:
    case_id = sent(day)
    case = Case.objects.get(pk=case_id)
    handed_in(day, case_id)
    authorised(day, case_id, case.party_id or 0)
    day.pass_time()
    reviewer = came_in(pages, day, login_of(day, case_id, "review"))
    axe(reviewer)
    screenshot(reviewer, "desk-queue")
    reviewer.keyboard.press("j")
    reviewer.keyboard.press("Enter")
    expect(reviewer.get_by_role("heading", name=re.compile("额度审批"))).to_be_visible()
    expect(reviewer.get_by_text("总成本")).to_be_visible()
    expect(reviewer.get_by_text("借款人", exact=True)).to_be_visible()
    axe(reviewer)
    no_overflow(reviewer)
    screenshot(reviewer, "desk-review")
    reviewer.get_by_role("button", name="同意", exact=True).click()
    reviewer.get_by_role("dialog").get_by_role("button", name="同意", exact=True).click()
    expect(reviewer.get_by_text("审批意见已提交：同意")).to_be_visible()
    elsewhere(lambda: day.pass_time(5))
    elsewhere(lambda: signed(day, case_id, case.party_id or 0))
    elsewhere(day.pass_time)
    secured_at_the_desk(day, pages, case)
    paid_at_the_desk(day, pages, case, axe)


def secured_at_the_desk(day: World, pages: Pages, case: Case) -> None:
    """Insurance, lien and certificate, each in its form."""
    clerk = came_in(pages, day, "limin")
    clerk.goto(f"/desk/cases/{case.number}/?step=record_insurance")
    clerk.get_by_label("保险公司").fill("示例财险")
    clerk.get_by_label("保单号").fill("P-1")
    clerk.get_by_label("车损险保额").fill("15万")
    clerk.get_by_role("button", name="登记保险").click()
    expect(clerk.get_by_text("保险已登记")).to_be_visible()
    clerk.goto(f"/desk/cases/{case.number}/?step=prepare_lien")
    clerk.get_by_label("号牌号码").fill(CAR.plate)
    clerk.get_by_label("登记证书编号").fill("330012345678")
    clerk.get_by_role("button", name="提交车管所").click()
    expect(clerk.get_by_text("抵押材料已备好")).to_be_visible()
    for _turn in range(6):
        day.pass_time(40)
    assert open_steps(case.pk) == {"take_title"}
    clerk.goto(f"/desk/cases/{case.number}/?step=take_title")
    clerk.get_by_label("库位").fill("A-01-03")
    clerk.get_by_role("button", name="入库").click()
    expect(clerk.get_by_text("登记证书已入库")).to_be_visible()
    day.pass_time()


def paid_at_the_desk(day: World, pages: Pages, case: Case, axe: AxeCheck) -> None:
    """The last human yes; the second factor given at log-in is fresh enough."""
    payer = came_in(pages, day, "sunhao")
    payer.goto(f"/desk/cases/{case.number}/?step=disburse")
    expect(payer.get_by_text("付给经销商", exact=True)).to_be_visible()
    axe(payer)
    payer.get_by_role("button", name="同意放款").click()
    payer.get_by_role("dialog").get_by_role("button", name="同意放款").click()
    expect(payer.get_by_text("已发出付款指令")).to_be_visible()
    day.pass_time()
    case.refresh_from_db()
    assert case.status == "DISBURSED"


@pytest.mark.parametrize(
    "page",
    [
        "cases/",
        "board/",
        "people/",
        "process/",
        "products/",
        "rules/",
        "rules/auto_loan_ltv/",
        "failures/",
        "customers/",
        "settings/",
        "escalated/",
        "messages/",
    ],
)
def test_the_managers_pages_are_accessible_and_fit(
    day: World,
    pages: Pages,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: Callable[[Page], None],
    page: str,
) -> None:
    sent(day)
    manager = came_in(pages, day, "zhouning")
    manager.goto(f"/desk/{page}")
    axe(manager)
    no_overflow(manager)
    screenshot(manager, f"desk-{page.strip('/').replace('/', '-')}")
    manager.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    no_overflow(manager)
