"""A case that was returned, in a real browser: what is asked for, and where to send it."""

import pytest
from playwright.sync_api import Page, expect

from cheqi.areas.origination.operations.documents import reject_document
from cheqi.foundation.documents.models import Document
from cheqi.foundation.workflow.models import Case
from tests.browser.conftest import DESK, AxeCheck, Pages, Screenshot
from tests.browser.portal_world import World, world
from tests.browser.test_others import looking
from tests.browser.test_portal_application import NoOverflow
from tests.journeys.acts import (
    authorised,
    decided,
    done,
    handed_in,
    owner_of,
    photographed_unclearly,
    sent,
)
from tests.journeys.conftest import outside

__all__ = ["outside", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_customer_reads_what_the_reviewer_asks_for_and_finds_where_to_send_it(
    pages: Pages,
    phone_page: Page,
    world: World,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: NoOverflow,
) -> None:
    look, page = looking(axe, no_overflow, screenshot), phone_page
    case = Case.objects.get(pk=sent(world))
    handed_in(world, case.pk)
    authorised(world, case.pk, case.party_id or 0)
    world.pass_time()
    decided(world, case.pk, "review", "return", comment="请补充近六个月流水，工资入账要看得清")
    world.log_in(page, world.facts.person.mobile)
    page.goto(f"/cases/{case.number}/")
    expect(page.get_by_text("工资入账要看得清")).to_be_visible()
    look(page, "portal-asked-for-more")
    wide = pages.open(DESK, storage_state=page.context.storage_state())
    wide.goto(f"/cases/{case.number}/")
    look(wide, "portal-wide-asked-for-more")
    page.get_by_role("link", name="去补充资料").click()
    expect(page.get_by_text("请补充或更换", exact=True)).to_be_visible()
    page.get_by_text("换一份").last.click()
    look(page, "portal-documents-asked-for-more")


def test_a_customer_retakes_a_document_that_the_clerk_has_just_sent_back(
    pages: Pages,
    phone_page: Page,
    world: World,
    axe: AxeCheck,
    screenshot: Screenshot,
    no_overflow: NoOverflow,
) -> None:
    look, page = looking(axe, no_overflow, screenshot), phone_page
    case = Case.objects.get(pk=sent(world))
    photographed_unclearly(world, case.pk)
    document = Document.objects.get(case_id=case.pk, slot="ID_CARD_FRONT")
    clerk = owner_of(world, case.pk, "verify_documents")
    done(reject_document(document_id=document.pk, reason_code="GLARE", actor=clerk, now=world.now))
    world.log_in(page, world.facts.person.mobile)
    page.goto(f"/cases/{case.number}/")
    expect(page.get_by_text("身份证人像面需要重拍")).to_be_visible()
    look(page, "portal-refused-at-once")
    page.goto(f"/cases/{case.number}/documents/")
    expect(page.get_by_text("有资料被退回，请重新上传")).to_be_visible()
    look(page, "portal-documents-refused-at-once")
    wide = pages.open(DESK, storage_state=page.context.storage_state())
    wide.goto(f"/cases/{case.number}/documents/")
    look(wide, "portal-wide-documents-refused-at-once")
