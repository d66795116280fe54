"""People come in with a real browser: staff with a second factor, customers with a code."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pyotp
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cheqi import ports
from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.access.hooks import CaseDirectory, CodeSender, PartyDirectory
from cheqi.foundation.access.models import OneTimeCode
from cheqi.foundation.access.tests.scenarios import Cases, Directory, Outbox, Town
from cheqi.foundation.staff import operations
from cheqi.foundation.staff.models import Branch, Member
from cheqi.foundation.staff.tokens import bearer_of
from tests.browser.conftest import AxeCheck, Screenshot

pytestmark = pytest.mark.browser
PASSWORD = "correct horse 7"


@pytest.fixture
def member(transactional_db: None) -> Member:
    """A reviewer of the Hangzhou branch who logs in for the first time."""
    now = timezone.now()
    branch = Branch.objects.create(code="HZ", name="杭州分部")
    added = operations.add_member(
        login="chenjing",
        name="陈静",
        password=PASSWORD,
        actor=SYSTEM,
        now=now,
        branch=branch,
        must_change=False,
    )
    assert isinstance(added, Member)
    operations.install_roles(added, ["reviewer"], branch=branch, actor=SYSTEM, now=now)
    return added


@pytest.fixture
def town() -> Iterator[Town]:
    """A town with one customer and one case."""
    town = Town()
    with (
        ports.bound(PartyDirectory, Directory(town)),
        ports.bound(CaseDirectory, Cases(town)),
        ports.bound(CodeSender, Outbox(town)),
    ):
        yield town


def test_a_member_sets_up_an_authenticator_and_sees_the_desk(
    desk_page: Page, member: Member, axe: AxeCheck, screenshot: Screenshot
) -> None:
    desk_page.goto("/desk/account/")
    expect(desk_page.get_by_role("heading", name="登录工作台")).to_be_visible()
    axe(desk_page)
    screenshot(desk_page, "desk-log-in")
    desk_page.get_by_label("账号").fill(member.login)
    desk_page.get_by_label("密码").fill("wrong")
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    desk_page.get_by_label("密码").fill(PASSWORD)
    desk_page.keyboard.press("Enter")
    desk_page.get_by_role("button", name="开始绑定").click()
    expect(desk_page.get_by_role("img", name="绑定用的二维码")).to_be_visible()
    axe(desk_page)
    screenshot(desk_page, "desk-authenticator")
    member.refresh_from_db()
    desk_page.get_by_label("动态验证码").fill(pyotp.TOTP(member.totp_secret).at(timezone.now()))
    desk_page.get_by_role("button", name="完成绑定").click()
    expect(desk_page.locator(".codes li")).to_have_count(10)
    desk_page.get_by_role("link", name="我已保存，进入工作台").click()
    expect(desk_page.get_by_role("heading", name="账户", exact=True)).to_be_visible()
    expect(desk_page.get_by_role("main").get_by_text("审核员")).to_be_visible()
    axe(desk_page)
    screenshot(desk_page, "desk-account")
    desk_page.get_by_role("button", name="English").click()
    expect(desk_page.get_by_role("heading", name="Account", exact=True)).to_be_visible()
    desk_page.get_by_role("button", name="Log out", exact=True).click()
    expect(desk_page.get_by_role("heading", name="Log in to the desk")).to_be_visible()


def test_a_member_sees_the_programs_that_work_as_them_and_ends_one(
    desk_page: Page, member: Member, axe: AxeCheck, no_overflow: Callable[[Page], None]
) -> None:
    operations.begin_totp(member)
    member.refresh_from_db()
    totp, now = pyotp.TOTP(member.totp_secret), timezone.now()
    operations.confirm_totp(member, code=totp.at(now - timedelta(seconds=30)), now=now)
    begun = operations.begin_api_session(
        login=member.login,
        password=PASSWORD,
        code=totp.at(now),
        program="每日对账与付款复核程序（杭州分部二号机）",
        address="127.0.0.1",
        now=now,
    )
    assert isinstance(begun, operations.BegunSession)
    desk_page.goto("/desk/account/")
    desk_page.get_by_label("账号").fill(member.login)
    desk_page.get_by_label("密码").fill(PASSWORD)
    desk_page.keyboard.press("Enter")
    desk_page.get_by_label("动态验证码").fill(totp.at(now + timedelta(seconds=30)))
    desk_page.keyboard.press("Enter")
    end = desk_page.get_by_role("button", name="结束「每日对账与付款复核程序（杭州分部二号机）」的会话")
    expect(end).to_be_visible()
    axe(desk_page)
    desk_page.set_viewport_size({"width": 390, "height": 844})
    no_overflow(desk_page)
    end.click()
    expect(desk_page.get_by_text("没有程序以您的身份登录接口")).to_be_visible()
    assert bearer_of(begun.token, timezone.now()) is None


def test_a_customer_comes_in_with_a_code_and_can_ask_again_only_later(
    phone_page: Page,
    town: Town,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: Callable[[Page], None],
) -> None:
    phone_page.goto("/me/")
    axe(phone_page)
    no_overflow(phone_page)
    screenshot(phone_page, "portal-log-in")
    phone_page.get_by_label("手机号").fill("138 0013 8866")
    phone_page.get_by_role("button", name="获取验证码").click()
    expect(phone_page.get_by_text("已发到尾号 8866 的手机")).to_be_visible()
    expect(phone_page.get_by_role("button", name="秒后可重新获取")).to_be_disabled()
    axe(phone_page)
    screenshot(phone_page, "portal-code")
    phone_page.get_by_label("验证码").fill(OneTimeCode.objects.latest("pk").code)
    phone_page.get_by_role("button", name="登录").click()
    expect(phone_page.get_by_role("heading", name="张小三，您好")).to_be_visible()
    axe(phone_page)
    no_overflow(phone_page)
    phone_page.get_by_role("link", name="用案件编号查询").click()
    expect(phone_page.get_by_label("案件编号")).to_be_visible()
    axe(phone_page)
    screenshot(phone_page, "portal-track")


def test_a_missing_page_says_what_to_do_next(phone_page: Page, axe: AxeCheck, screenshot: Screenshot) -> None:
    phone_page.goto("/nowhere/")
    expect(phone_page.get_by_role("link", name="回到首页")).to_be_visible()
    axe(phone_page)
    screenshot(phone_page, "error-404")
