"""A customer's way in a real browser: log in by code, apply, photograph, consent, watch the tracker."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cheqi.core.documents.kinds import Kind
from cheqi.foundation.workflow.models import Case, StepRow
from tests.browser.conftest import AxeCheck, Screenshot
from tests.browser.portal_world import World, world
from tests.journeys.conftest import outside

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
    expect(slot.get_by_text("看不清", exact=True)).to_be_visible()
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
