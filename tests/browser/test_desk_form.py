"""The application form at the desk in a real browser: what is asked and offered follows the answers."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Pages, Screenshot
from tests.browser.test_desk_application import came_in, day
from tests.journeys.conftest import World, outside, world

__all__ = ["day", "outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_labels_and_products_follow_the_kind_of_customer(
    pages: Pages, day: World, screenshot: Screenshot
) -> None:
    page = came_in(pages, day, "chenjing")
    page.goto("/desk/applications/new/")
    page.get_by_label("手机号").fill("13900001234")
    page.get_by_role("button", name="开始录入").click()
    page.get_by_label("品牌").fill("别克")
    page.get_by_label("新车还是二手车").select_option("NEW")
    offered = page.get_by_label("贷款产品").locator("option")
    page.get_by_label("客户类型").select_option("EMPLOYEE")
    expect(offered).to_have_text(["请选择", "新车标准贷"])
    page.get_by_label("贷款产品").select_option("new-car")
    page.get_by_label("客户类型").select_option("COMPANY")
    expect(page.get_by_label("企业月均净收入")).to_be_visible()
    expect(page.get_by_label("授权代表姓名")).to_be_visible()
    expect(offered.filter(has_text="企业用车贷")).to_have_count(1)
    expect(page.get_by_label("品牌")).to_have_value("别克")
    page.get_by_label("有共同借款人").check()
    page.get_by_label("共同借款人姓名").fill("李雷")
    page.get_by_label("有担保人").check()
    expect(page.get_by_label("担保人姓名")).to_be_visible()
    boxes = [page.get_by_label(name).bounding_box() for name in ("有共同借款人", "有担保人")]
    assert all(boxes)
    assert boxes[0]["x"] == boxes[1]["x"]  # type: ignore[index]
    screenshot(page, "desk-application")
