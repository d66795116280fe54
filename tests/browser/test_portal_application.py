"""A customer's way in a real browser: log in by code, apply, photograph, consent, watch the tracker."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cheqi.areas.origination.operations.securing import order_payout
from cheqi.core.documents.kinds import Kind
from cheqi.foundation.workflow.models import Case, StepRow
from tests.browser.conftest import DESK, AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.journeys.acts import decided, done, secured, sent
from tests.journeys.conftest import outside
from tests.journeys.test_turns import in_review

__all__ = ["outside", "world"]
pytestmark = pytest.mark.browser
NoOverflow = Callable[[Page], None]
DOCUMENTS = (
    (Kind.ID_CARD_FRONT, "身份证人像面"),
    (Kind.ID_CARD_BACK, "身份证国徽面"),
    (Kind.DRIVING_LICENCE, "机动车驾驶证"),
    (Kind.PURCHASE_INVOICE, "机动车销售统一发票"),
    (Kind.BANK_STATEMENT, "近六个月银行流水"),
)


def open_steps() -> set[str]:
    """The steps that wait for somebody."""
    return set(StepRow.objects.filter(status="OPEN").values_list("key", flat=True))


def next_screen(page: Page, title: str) -> None:
    """Goes on, and the next screen is there."""
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def answered(page: Page, world: World, look: Callable[[str], None]) -> None:
    """Every screen filled in, up to the last look."""
    person, car = world.facts.person, world.facts.vehicle
    expect(page.get_by_role("heading", level=1, name="您的身份")).to_be_visible()
    page.get_by_label("受薪人士").check()
    page.get_by_label("姓名").fill(person.name)
    page.get_by_label("身份证号").fill("330199199001011234")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#q-id_number .error")).to_be_visible()
    look("apply-error")
    page.get_by_label("身份证号").fill(person.id_number)
    next_screen(page, "收入")
    page.get_by_label("每月税后收入").fill("1.8万")
    next_screen(page, "共同申请人")
    page.get_by_label("没有").first.check()
    next_screen(page, "车辆")
    for label in ("新车", "燃油", "自用"):
        page.get_by_label(label, exact=True).check()
    page.get_by_label("品牌").fill(car.brand)
    page.get_by_label("车型").fill(car.model)
    page.get_by_label("车辆识别代号").fill(car.vin)
    look("apply-car")
    next_screen(page, "价格与贷款")
    page.get_by_label("车价").fill("15万")
    page.get_by_label("首付").fill("5万")
    page.get_by_label("新车标准贷").check()
    page.get_by_label("期限").select_option("36")
    expect(page.locator("#offer")).to_contain_text("¥3,036.76")
    expect(page.locator("#offer")).to_contain_text("5.88%")
    look("apply-offer")
    next_screen(page, "经销商")
    page.get_by_label("购车的经销商").select_option(index=1)
    next_screen(page, "还款账户")
    page.get_by_label("开户银行").fill("示例银行")
    page.get_by_label("银行卡号").fill(person.bank_card)
    next_screen(page, "核对并提交")


def test_from_the_log_in_to_the_consent_on_a_phone(
    phone_page: Page, world: World, axe: AxeCheck, screenshot: Screenshot, no_overflow: NoOverflow
) -> None:
    page = phone_page

    def look(name: str) -> None:
        axe(page)
        no_overflow(page)
        screenshot(page, f"portal-{name}")

    world.log_in(page, world.facts.person.mobile)
    expect(page.get_by_role("heading", name="从这里开始您的车贷申请")).to_be_visible()
    look("home-empty")
    page.get_by_role("link", name="开始申请").click()
    page.get_by_label("杭州分部").check()
    look("apply-start")
    page.get_by_role("button", name="开始填写").click()
    answered(page, world, look)
    look("apply-review")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("上传 5 份资料")).to_be_visible()
    assert open_steps() == {"collect_materials", "authorise_credit", "verify_payee"}
    look("tracker-documents")
    page.get_by_role("link", name="去拍照上传").click()
    look("documents")
    photographed(page, world, look)
    page.goto("/")
    expect(page.get_by_role("link", name="查看授权书")).to_be_visible()
    consented(page, world, look)
    world.pass_time()
    page.reload()
    expect(page.get_by_text("轮到我们")).to_be_visible()
    look("tracker")
    page.get_by_role("link", name="凭证").first.click()
    expect(page.get_by_role("heading", name="明细")).to_be_visible()
    look("proof")


def photographed(page: Page, world: World, look: Callable[[str], None]) -> None:
    """A picture that cannot be read, then every document."""
    slot = page.locator("#slot-ID_CARD_FRONT")
    blank = {"name": "blank.png", "mimeType": "image/png", "buffer": world.picture(Kind.ID_CARD_BACK)}
    slot.locator("input[type=file]").last.set_input_files(blank)
    expect(slot.get_by_text("识别中")).to_be_visible()
    world.pass_time()
    expect(slot.locator(".tag")).to_have_text("看不清")
    look("document-again")
    bad = {"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    slot.locator("input[type=file]").last.set_input_files(bad)
    expect(slot.get_by_role("alert")).to_be_visible()
    for kind, title in DOCUMENTS:
        slot = page.locator(f"#slot-{kind}")
        expect(slot).to_contain_text(title)
        file = {"name": "photo.png", "mimeType": "image/png", "buffer": world.picture(kind)}
        world.recogniser.coming.append(kind)
        slot.locator("input[type=file]").last.set_input_files(file)
        expect(slot.get_by_text("识别中")).to_be_visible()
        world.pass_time()
        expect(slot.get_by_text("识别中")).to_have_count(0)


def consented(page: Page, world: World, look: Callable[[str], None]) -> None:
    """The authorisation, read and confirmed with a code."""
    page.get_by_role("link", name="查看授权书").click()
    expect(page.get_by_role("heading", name="个人征信查询授权书")).to_be_visible()
    look("consent")
    page.get_by_role("button", name="已阅读，获取验证码").click()
    page.get_by_label("验证码").fill(world.code())
    look("consent-code")
    page.get_by_role("button", name="同意授权").click()
    expect(page.get_by_text("已授权，谢谢")).to_be_visible()
    assert Case.objects.get().status == "OPEN"


def test_the_contract_is_read_signed_and_becomes_a_loan(
    phone_page: Page, world: World, axe: AxeCheck, screenshot: Screenshot, no_overflow: NoOverflow
) -> None:
    page = phone_page

    def look(name: str) -> None:
        axe(page)
        no_overflow(page)
        screenshot(page, f"portal-{name}")

    case_id = in_review(world)
    decided(world, case_id, "review", "approve")
    world.log_in(page, world.facts.person.mobile)
    world.pass_time()
    look("tracker-contract")
    page.get_by_role("link", name="查看合同").click()
    page.get_by_role("button", name="获取签字验证码").click()
    expect(page.get_by_role("alert")).to_contain_text("请先打开合同全文")
    number = Case.objects.get(pk=case_id).number
    assert page.request.get(f"/cases/{number}/contract/pdf/").body().startswith(b"%PDF")
    page.goto(f"/cases/{number}/contract/")
    look("contract")
    page.get_by_label("我已打开并阅读合同全文").check()
    page.get_by_role("button", name="获取签字验证码").click()
    page.get_by_label("验证码").fill(world.code())
    look("contract-code")
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_text("签署完成")).to_be_visible()
    world.pass_time()
    assert open_steps() == {"record_insurance", "prepare_lien"}
    secured(world, case_id, world.staff("limin"))
    payer = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=case_id, actor=payer, now=world.now, key="pay-1"))
    world.pass_time()
    page.reload()
    expect(page.get_by_role("heading", name="贷款已发放")).to_be_visible()
    look("tracker-disbursed")
    page.get_by_role("link", name="查看还款计划").click()
    expect(page.get_by_role("heading", name="还款计划")).to_be_visible()
    look("loan")


def test_who_came_by_a_tracker_link_sees_one_case_and_is_asked_to_log_in_for_more(
    phone_page: Page, world: World, axe: AxeCheck, screenshot: Screenshot
) -> None:
    page = phone_page
    number = Case.objects.get(pk=sent(world)).number
    page.goto(f"/track/?case={number}")
    page.get_by_label("手机号后四位").fill(world.facts.person.mobile[-4:])
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(world.code())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("您是用案件编号进来的")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    axe(page)
    screenshot(page, "portal-tracker-link")
    page.goto(f"/cases/{number}/documents/")
    expect(page.get_by_role("heading", name="用手机号登录")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tracker_and_its_pages_at_desk_width(
    pages: Pages, world: World, axe: AxeCheck, screenshot: Screenshot, scheme: str
) -> None:
    page = pages.open(DESK, color_scheme=scheme)
    case_id = sent(world)
    number = Case.objects.get(pk=case_id).number
    world.log_in(page, world.facts.person.mobile)
    for name, path in (
        ("tracker", f"/cases/{number}/"),
        ("documents", f"/cases/{number}/documents/"),
        ("consent", f"/cases/{number}/consent/"),
        ("me", "/me/"),
        ("repayment", "/repayment/"),
        ("withdraw", f"/cases/{number}/withdraw/"),
    ):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        screenshot(page, f"portal-wide-{name}-{scheme}")
