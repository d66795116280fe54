"""A clerk looks at doubtful fields in a real browser: the crop beside the field, also on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cheqi.foundation.documents.models import FieldValue
from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import PHONE, AxeCheck, Pages, Screenshot
from tests.browser.test_desk_application import came_in, day, elsewhere, login_of
from tests.journeys.acts import PERSON, authorised, open_steps, photographed_unclearly, sent
from tests.journeys.conftest import World, outside, world

__all__ = ["day", "outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def doubted(day: World) -> Case:
    """A case whose name was read unclearly, so that a clerk has to look."""
    case_id = sent(day)
    elsewhere(lambda: photographed_unclearly(day, case_id))
    authorised(day, case_id, Case.objects.get(pk=case_id).party_id or 0)
    day.pass_time()
    assert "verify_documents" in open_steps(case_id)
    return Case.objects.get(pk=case_id)


def test_a_doubtful_field_is_settled_beside_its_crop(
    day: World, pages: Pages, axe: AxeCheck, screenshot: Screenshot, no_overflow: Callable[[Page], None]
) -> None:
    case = doubted(day)
    clerk = came_in(pages, day, login_of(day, case.pk, "verify_documents"))
    clerk.goto(f"/desk/cases/{case.number}/?step=verify_documents")
    crop = clerk.get_by_role("img", name="姓名的原图").first
    expect(crop).to_be_visible()
    assert crop.evaluate("one => one.decode().then(() => one.naturalWidth > 0)")
    expect(clerk.get_by_role("heading", name="核对")).to_be_visible()
    expect(clerk.get_by_text("公民身份号码校验")).to_be_attached()
    approve = clerk.get_by_role("button", name="通过", exact=True)
    expect(approve).to_be_disabled()
    expect(clerk.get_by_text(re.compile("「通过」还不能点：还有 \\d+ 个字段待确认"))).to_be_visible()
    axe(clerk)
    no_overflow(clerk)
    screenshot(clerk, "desk-case")
    row = clerk.locator("form[data-field=name]").first
    expect(row.get_by_label("姓名")).to_have_value(PERSON.name)
    row.get_by_role("button", name="确认").click()
    assert FieldValue.objects.filter(name="name", verdict="SETTLED").count() == 0
    row.get_by_label("理由").select_option("与原图一致")
    row.get_by_role("button", name="确认").click()
    expect(clerk.get_by_text("已确认").first).to_be_visible()
    assert FieldValue.objects.filter(name="name", verdict="SETTLED").count() == 1


def test_the_fields_are_looked_at_on_a_phone(
    day: World, pages: Pages, axe: AxeCheck, no_overflow: Callable[[Page], None]
) -> None:
    case = doubted(day)
    page = came_in(pages, day, login_of(day, case.pk, "verify_documents"))
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto(f"/desk/cases/{case.number}/?step=verify_documents")
    expect(page.get_by_role("img", name="姓名的原图").first).to_be_attached()
    no_overflow(page)
    axe(page)
    page.get_by_role("tab", name="要点").or_(page.get_by_role("button", name="要点")).first.click()
    expect(page.get_by_role("heading", name="核对")).to_be_visible()
    no_overflow(page)


def test_the_neighbouring_document_is_a_key_away(day: World, pages: Pages) -> None:
    case = doubted(day)
    clerk = came_in(pages, day, login_of(day, case.pk, "verify_documents"))
    clerk.goto(f"/desk/cases/{case.number}/?step=verify_documents")
    viewer = clerk.locator("figure.viewer")
    expect(viewer).to_be_visible()
    first = viewer.get_attribute("aria-label")
    viewer.focus()
    clerk.keyboard.press("ArrowRight")
    expect(clerk.locator("figure.viewer")).not_to_have_attribute("aria-label", first or "")


def test_a_photograph_that_is_not_open_has_a_plain_place_and_opens_for_a_reason(
    day: World, pages: Pages, axe: AxeCheck, no_overflow: Callable[[Page], None]
) -> None:
    case = doubted(day)
    where = f"/desk/cases/{case.number}/?step=verify_documents"
    admin = came_in(pages, day, "admin")
    admin.goto(where)
    expect(admin.get_by_role("heading", name="无权查看原图")).to_be_visible()
    axe(admin)
    no_overflow(admin)
    auditor = came_in(pages, day, "wutong")
    auditor.set_viewport_size(PHONE)
    auditor.goto(where)
    auditor.get_by_role("link", name="说明理由后查看").click()
    axe(auditor)
    no_overflow(auditor)
    auditor.get_by_label("查看理由").fill("抽查资料核验质量")
    auditor.get_by_role("button", name="查看", exact=True).click()
    picture = auditor.locator("figure.viewer img")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth > 0)")
