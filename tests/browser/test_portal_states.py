"""The portal where things did not go the usual way, and every page of it for the accessibility rules.

Refused, withdrawn, returned, expired, offline: each on a phone, with what the person is told to do next.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Page, Response, expect

from cheqi.areas.origination.operations.documents import upload
from cheqi.areas.origination.operations.drafting import start
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.areas.origination.questions import SCREENS
from cheqi.core.documents.kinds import Kind
from cheqi.foundation.access.models import CustomerSession
from cheqi.foundation.documents.models import Document
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.operations import withdraw
from tests.browser.conftest import DESK, PHONE, AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.journeys.acts import FACTS, decided, done, handed_in, secured, sent, signed
from tests.journeys.conftest import outside
from tests.journeys.test_turns import in_review

__all__ = ["outside", "world"]
pytestmark = pytest.mark.browser
NoOverflow = Callable[[Page], None]
Look = Callable[[Page, str], None]
BROKEN = ("htmx:sendError", "htmx:afterRequest", "net::ERR_")


@pytest.fixture
def look(axe: AxeCheck, screenshot: Screenshot, no_overflow: NoOverflow) -> Look:
    """Holds a page to the rules: one heading, accessible, not wider than its window. Keeps its picture."""

    def check(page: Page, name: str) -> None:
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        no_overflow(page)
        screenshot(page, f"portal-{name}")

    return check


def number_of(case_id: int) -> str:
    return str(Case.objects.get(pk=case_id).number)


def come_in(page: Page, world: World, mobile: str = FACTS.person.mobile) -> None:
    """By the one-time code, whatever the language."""
    page.goto("/log-in/")
    page.locator("input[name=mobile]").fill(mobile)
    page.locator("main form button").first.click()
    page.locator("input[name=code]").fill(world.code())
    page.locator("main form button").first.click()
    expect(page.locator("nav.tabs-bottom")).to_be_visible()


def poll_until(page: Page, holds: Callable[[], bool]) -> None:
    """Lets the page's answers arrive until something holds; on a busy machine that takes its time."""
    for _ in range(600):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page did not ask again")


def test_a_refused_application_says_why_and_how_to_go_on(phone_page: Page, world: World, look: Look) -> None:
    case_id = in_review(world)
    decided(world, case_id, "review", "refuse", reasons=("INCOME",))
    world.log_in(phone_page, FACTS.person.mobile)
    expect(phone_page.get_by_role("heading", name="这次没有通过")).to_be_visible()
    expect(phone_page.get_by_text("已结束")).to_be_visible()
    expect(phone_page.get_by_role("heading", name="原因")).to_be_visible()
    expect(phone_page.get_by_role("link", name="联系客服")).to_have_attribute("href", "tel:400-000-0000")
    expect(phone_page.get_by_role("link", name="重新申请")).to_be_visible()
    look(phone_page, "ending-refused")


def test_a_withdrawn_application_is_over_and_its_pages_say_so(
    phone_page: Page, world: World, look: Look
) -> None:
    case_id = sent(world)
    customer = world.customer(Case.objects.get(pk=case_id).party_id or 0)
    done(withdraw(case_id=case_id, reason="不买了", actor=customer, now=world.now, key="w"))
    world.log_in(phone_page, FACTS.person.mobile)
    expect(phone_page.get_by_role("heading", name="申请已撤回")).to_be_visible()
    look(phone_page, "ending-withdrawn")
    phone_page.goto(f"/cases/{number_of(case_id)}/documents/")
    expect(phone_page.get_by_text("这里没有这笔申请的资料")).to_be_visible()
    look(phone_page, "documents-none")
    phone_page.goto(f"/cases/{number_of(case_id)}/consent/")
    expect(phone_page.locator("h1")).to_be_visible()
    look(phone_page, "not-now")


def test_a_returned_document_is_sent_again_from_the_tracker(
    phone_page: Page, world: World, look: Look
) -> None:
    case_id = sent(world)
    customer = world.customer(Case.objects.get(pk=case_id).party_id or 0)
    picture = BytesIO(world.picture(Kind.ID_CARD_BACK))
    first = upload(picture, case_id=case_id, slot="ID_CARD_FRONT", actor=customer, now=world.now, key="first")
    world.pass_time()
    Document.objects.filter(pk=done(first).pk).update(state="REJECTED", reason_code="GLARE")
    world.log_in(phone_page, FACTS.person.mobile)
    ask = phone_page.locator("#ask-slot-ID_CARD_FRONT")
    expect(ask.get_by_text("照片有反光")).to_be_visible()
    expect(ask.get_by_role("img", name="您的照片")).to_be_visible()
    expect(ask.get_by_role("img", name="示例")).to_be_visible()
    look(phone_page, "tracker-returned")
    file = {"name": "new.png", "mimeType": "image/png", "buffer": world.picture(Kind.ID_CARD_FRONT)}
    ask.locator("input[type=file]").last.set_input_files(file)
    expect(phone_page.get_by_text("识别中")).to_be_visible()
    assert Document.objects.filter(case_id=case_id, slot="ID_CARD_FRONT").count() == 2


def test_who_was_logged_out_by_time_finds_the_draft_again(phone_page: Page, world: World, look: Look) -> None:
    page = phone_page
    world.log_in(page, world.facts.person.mobile)
    page.get_by_role("link", name="开始申请").click()
    page.get_by_label("杭州分部").check()
    page.get_by_role("button", name="开始填写").click()
    page.get_by_label("姓名").fill(world.facts.person.name)
    page.get_by_label("身份证号").focus()
    expect(page.get_by_text("已保存")).to_be_visible()
    CustomerSession.objects.update(expires_at=world.now)
    world.now += timedelta(minutes=2)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("登录满 12 小时已自动退出")).to_be_visible()
    look(page, "log-in-ended")
    page.get_by_label("手机号").fill(world.facts.person.mobile)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(world.code())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("姓名")).to_have_value(world.facts.person.name)


def test_a_tracker_link_that_ended_leads_to_the_look_up_of_its_case(
    phone_page: Page, world: World, look: Look
) -> None:
    page, number = phone_page, number_of(sent(world))
    page.goto(f"/track/?case={number}")
    page.get_by_label("手机号后四位").fill(FACTS.person.mobile[-4:])
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(world.code())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("您是用案件编号进来的")).to_be_visible()
    world.now += timedelta(hours=2)
    page.goto(f"/cases/{number}/")
    expect(page.get_by_text("查询 2 小时后会自动结束")).to_be_visible()
    expect(page.get_by_label("案件编号")).to_have_value(number)
    look(page, "track-ended")


def test_the_tracker_polls_with_its_tag_and_draws_only_what_changed(phone_page: Page, world: World) -> None:
    page, answers = phone_page, []
    case_id = sent(world)
    page.clock.install()
    world.log_in(page, FACTS.person.mobile)

    def heard(response: Response) -> None:
        if response.url.endswith("/live/"):
            answers.append((response.status, "if-none-match" in response.request.headers))

    page.on("response", heard)
    for expected in (1, 2, 3):
        page.clock.run_for(9_000)
        poll_until(page, lambda expected=expected: len(answers) >= expected)
    assert answers[0] == (200, False)
    assert set(answers[1:]) == {(304, True)}
    handed_in(world, case_id)
    page.clock.run_for(9_000)
    poll_until(page, lambda: answers[-1] == (200, True))
    expect(page.get_by_text("上传 5 份资料")).to_have_count(0)


def test_without_a_network_a_page_of_our_own_says_so(pages: Pages, phone_page: Page, world: World) -> None:
    pages.forgiven += BROKEN
    page = phone_page
    number = number_of(sent(world))
    world.log_in(page, FACTS.person.mobile)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    expect(page.get_by_text("看到的可能不是最新情况")).to_be_visible()
    page.goto(f"/cases/{number}/documents/")
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="重试").click()
    expect(page.get_by_role("heading", name="请拍照上传下面的资料")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [("phone", "dark", "zh"), ("phone", "light", "en"), ("wide", "dark", "zh"), ("wide", "light", "en")],
)
def test_every_page_is_accessible_phone_and_wide_dark_and_in_english(
    pages: Pages, world: World, axe: AxeCheck, no_overflow: NoOverflow, width: str, scheme: str, language: str
) -> None:
    options = {"color_scheme": scheme, "locale": {"zh": "zh-CN", "en": "en-US"}[language]}
    page = pages.open(PHONE if width == "phone" else DESK, **options)
    for name, path in every_page(world):
        if name == "logged-in":
            come_in(page, world)
            continue
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        no_overflow(page)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]


def every_page(world: World) -> Iterator[tuple[str, str]]:
    """Every page of the portal with its address, while one customer's first loan is signed and paid."""
    first = in_review(world)
    decided(world, first, "review", "approve")
    party_id = Case.objects.get(pk=first).party_id or 0
    yield from (("log-in", "/log-in/"), ("track", "/track/"), ("offline", "/offline/"), ("logged-in", ""))
    yield "contract", f"/cases/{number_of(first)}/contract/"
    world.pass_time()
    world.apart(lambda: signed(world, first, party_id))
    world.pass_time()
    secured(world, first, world.staff("limin"))
    payer = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=first, actor=payer, now=world.now, key="pay-1"))
    world.pass_time()
    yield "ending", f"/cases/{number_of(first)}/"
    yield "loan", "/repayment/"
    branch_id, customer = world.lender.branches["HZ"].pk, world.customer(party_id)
    draft = done(start(branch_id=branch_id, actor=customer, now=world.now, key="start-2")).number
    yield "home", "/"
    yield "apply-start", "/apply/"
    for screen in (*SCREENS, "review"):
        yield f"apply-{screen}", f"/apply/{draft}/{screen}/"
    case = f"/cases/{number_of(sent(world, key='start-3'))}"
    yield "tracker", f"{case}/"
    for name in ("documents", "consent", "withdraw", "history"):
        yield name, f"{case}/{name}/"
    yield "me", "/me/"
    yield "messages", "/me/messages/"
    yield "missing", "/cases/CQ-1999-000001/"
