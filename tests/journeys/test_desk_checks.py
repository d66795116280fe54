"""What the case page says about the checks of a case: passed, to a clerk, failed, with why and where."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from cheqi.foundation.documents.choices import FieldVerdict
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.workflow.models import Case
from cheqi.records.applications.models import Application
from tests.journeys.acts import PERSON, authorised, handed_in, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import LARGE, at_the_desk, case_page, in_review, looked_at

OTHER = "330106199003070018"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def checks(world: World, case_id: int, login: str = "zhouning") -> dict[str, tuple[str, str, str]]:
    """What stands in the panel: for each label the outcome, why, and where it leads."""
    page = looked_at(at_the_desk(world, login), f"{case_page(case_id)}facts/")
    panel = page.partition("核对</h2>")[2].partition("</section>")[0]
    found = {}
    for line in re.findall(r"<li>.*?</li>", panel, re.DOTALL):
        url = re.search(r'<a href="([^"]*)"', line)
        reason = re.search(r'faint">(.*?)</span>', line, re.DOTALL)
        words = re.sub(r"<span class=\"d-block.*?</span>", "", line, flags=re.DOTALL)
        label, *rest = re.sub(r"<[^>]+>", "\n", words).split()
        found[label] = (rest[-1], reason[1].strip() if reason else "", url[1] if url else "")
    return found


def read_as(case_id: int, slot: str, **fields: str) -> Document:
    """A document of the case, read with these fields; each `value:VERDICT`."""
    document = Document.objects.get(case_id=case_id, slot=slot)
    Document.objects.filter(pk=document.pk).update(kind=slot, state="NEEDS_CLERK")
    for name, told in fields.items():
        value, _colon, verdict = told.partition(":")
        why = (
            []
            if verdict == "ACCEPTED"
            else [{"rule": "x", "zh": "校验位不符", "en": "The check digit differs"}]
        )
        FieldValue(
            document=document,
            name=name,
            value=value,
            verdict=FieldVerdict(verdict),
            why=[] if verdict == "ACCEPTED" else why,
            model_version="test",
            confidence_permille=990,
            polygon=[[0, 0], [9, 0], [9, 9], [0, 9]],
        ).save()
    return document


def test_before_anything_is_read_the_checks_are_still_to_come(world: World) -> None:
    found = checks(world, sent(world))
    assert found["资料与申请一致"] == ("未核对", "资料还没有读出", "")
    assert found["征信"] == ("未核对", "客户授权、资料核验后查询", "")
    assert found["准入规则"] == ("未核对", "征信结果出来后核对", "")


def test_a_wrong_check_digit_is_for_a_clerk_and_leads_to_the_field(world: World) -> None:
    case_id = sent(world)
    handed_in(world, case_id)
    Case.objects.get(pk=case_id)
    document = read_as(
        case_id, "ID_CARD_FRONT", id_number=f"{PERSON.id_number}:CLERK", name=f"{PERSON.name}:ACCEPTED"
    )
    found = checks(world, case_id)
    outcome, why, url = found["公民身份号码校验"]
    assert (outcome, why) == ("转人工", "身份证（人像面）：校验位不符")
    assert url == f"/desk/documents/{document.pk}/crop/id_number/" or f"document={document.pk}" in url
    assert found["身份证（人像面）"][:2] == ("转人工", "1 个字段待核对")


def test_a_right_check_digit_passes_and_leads_to_the_crop(world: World) -> None:
    case_id = sent(world)
    handed_in(world, case_id)
    document = read_as(case_id, "ID_CARD_FRONT", id_number=f"{PERSON.id_number}:ACCEPTED")
    found = checks(world, case_id)
    assert found["公民身份号码校验"] == (
        "通过",
        "身份证（人像面）",
        f"/desk/documents/{document.pk}/crop/id_number/",
    )
    assert found["资料与申请一致"][:2] == ("通过", "1 份资料")


def test_documents_that_disagree_are_named_without_their_values(world: World) -> None:
    case_id = sent(world)
    handed_in(world, case_id)
    read_as(case_id, "ID_CARD_FRONT", id_number=f"{OTHER}:ACCEPTED")
    outcome, why, _url = checks(world, case_id)["身份证号不一致"]
    assert (outcome, why) == ("转人工", "居民身份证（人像面）、申报内容")
    page = looked_at(at_the_desk(world, "zhouning"), f"{case_page(case_id)}facts/")
    assert OTHER not in page
    assert PERSON.id_number not in page


def test_bureau_policy_and_limits_stand_with_their_outcome_in_review(world: World) -> None:
    found = checks(world, in_review(world))
    assert found["征信"][:2] == ("通过", "当前逾期 0 户，24 个月最长逾期 0 个月")
    outcome, why, url = found["月收入不足每月还款（本笔月供与已有贷款）的两倍"]
    assert (outcome, url[-12:]) == ("需关注", "?step=review")
    assert why == "个人汽车贷款准入政策（基线） 第五条"
    assert found["贷款成数"] == ("通过", "66.67%，上限 80.00%", "")
    assert found["收款户名"][0] == "通过"


def test_a_bureau_that_was_asked_is_waited_for(world: World) -> None:
    case_id = sent(world, **LARGE)
    handed_in(world, case_id)
    authorised(world, case_id, Case.objects.get(pk=case_id).party_id or 0)
    assert checks(world, case_id)["征信"][0] in {"等答复", "通过", "需关注"}


def test_a_payee_whom_the_bank_does_not_know_fails(world: World) -> None:
    case_id = sent(world)
    dealer = Application.objects.get(case_id=case_id).dealer
    assert dealer is not None
    dealer.payee_state, dealer.payee_checked_at = "NAME_DIFFERS", world.now
    dealer.save(update_fields=["payee_state", "payee_checked_at"])
    assert checks(world, case_id)["收款户名"][:2] == ("不通过", "户名不符")
