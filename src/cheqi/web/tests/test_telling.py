"""Every line of a timeline in plain words, in the language of its reader."""

import pkgutil
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from string import Formatter
from types import UnionType
from typing import Any, get_args

import pytest
from django.utils import translation

from cheqi.core import events
from cheqi.core.events import contract, documents, estimates, lending, messages, outside, process
from cheqi.core.events.base import REGISTRY, Event
from cheqi.core.events.values import kinds_of
from cheqi.web.telling import SHORTER, said
from cheqi.web.wording import WORDS, actor_name

FREE = frozenset(
    [
        "address",
        "client",
        "contract_number",
        "key",
        "key_id",
        "name",
        "names",
        "new_value",
        "number",
        "old_value",
        "owner_name",
        "pack",
        "policy_number",
        "program",
        "proposed_by",
        "reference",
        "report_number",
        "shelf",
        "subject_of",
        "text_version",
        "file_type",
        "last4",
        "model",
        "reason_code",
    ]
)
"""Places that hold what somebody wrote, or a number that people know; never a code of ours."""
AT = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def _every_event() -> list[type[Event]]:
    for each in pkgutil.iter_modules(events.__path__):
        if each.name != "tests":
            import_module(f"{events.__name__}.{each.name}")
    return [kind for kind in REGISTRY.values() if ".tests." not in kind.__module__]


def _places(kind: type[Event]) -> set[str]:
    texts = [kind.SENTENCE.zh, *([kind.CUSTOMER_SENTENCE.zh] if kind.CUSTOMER_SENTENCE else [])]
    always = [text for of, lacking, text in SHORTER if of is kind and not lacking]
    shown = [always[0].zh, *texts[1:]] if always else texts
    return {place for text in shown for _, place, _, _ in Formatter().parse(text) if place}


def _is_text(kind: Any) -> bool:
    parts = get_args(kind) if isinstance(kind, UnionType) or get_args(kind) else (kind,)
    return str in parts


def test_every_place_that_can_hold_a_code_has_words() -> None:
    without = {
        f"{kind.TYPE}.{place}"
        for kind in _every_event()
        for place in _places(kind)
        if _is_text(kinds_of(kind)[place]) and place not in FREE and place not in WORDS
    }
    assert without == set()


def test_the_places_of_a_shorter_sentence_are_fields_of_its_event() -> None:
    for kind, lacking, text in SHORTER:
        fields = set(kinds_of(kind))
        for sentence in (text.zh, text.en):
            assert {place for _, place, _, _ in Formatter().parse(sentence) if place} <= fields
        assert not lacking or lacking in fields


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        (
            lending.CreditPolicyChecked(application_id=1, outcome="REFER", rules=("a",), pack_version=1),
            "准入规则第 1 版：转人工审核",
            "Credit policy version 1: for a reviewer",
        ),
        (
            outside.ExchangeAnswered(port="credit_bureau", operation="enquire", outcome="DONE"),
            "征信机构答复「征信查询」：已办成",
            "The credit bureau answered “Credit enquiry”: done",
        ),
        (
            lending.CreditDecided(
                application_id=1, step="review", round=1, opinion="REFUSE", reasons=("DEBT", "INCOME")
            ),
            "审批意见：拒绝（现有负债过高、收入不足以支付月供）",
            "Opinion: Refuse (Existing debts are too high, The income does not cover the installments)",
        ),
        (
            lending.PartyFactsVerified(party_id=1, fields=("birth_date", "id_number"), origin="CLERK"),
            "核实客户信息 出生日期、证件号码（来源 人工确认）",
            "Verified date of birth, ID number (source Confirmed by a person)",
        ),
        (
            lending.LienChanged(lien_id=1, from_state="PREPARED", to_state="FILED", reason="", reference=""),
            "抵押状态变为「办理中」",
            "The lien is now “In progress”",
        ),
        (
            lending.OfferCalculated(
                application_id=1,
                amount_fen=10_000_000,
                installment_fen=303_676,
                annual_rate=Decimal("0.0588001119"),
                findings=(),
                sha256="",
            ),
            "计算方案：月供 ¥3,036.76，年化利率 5.88%",
            "Offer: ¥3,036.76 a month, annual rate 5.88%",
        ),
        (
            documents.DocumentRejected(
                document_id=1,
                slot="ID_CARD_FRONT",
                title="身份证（人像面）",
                reason_code="GLARE",
                reason="照片有反光，部分文字看不清。",
            ),
            "身份证（人像面）被退回：照片有反光，部分文字看不清。",
            (
                "“ID card, portrait side” was sent back: The photograph has glare; "
                "some of the text cannot be read."
            ),
        ),
        (
            documents.FieldSettled(
                document_id=1, title="行驶证", field="vin", reason="按原图更正", old_value="A", new_value="B"
            ),
            "核对行驶证的“车辆识别代号”：由“A”改为“B”，原因：按原图更正",
            "Settled “VIN” of “Vehicle licence”: from “A” to “B”, because: 按原图更正",
        ),
        (
            messages.MessageFailed(
                template="staff_assigned", title="新任务", channel="MAIL", code="NO_RECIPIENT"
            ),
            "消息「新任务」未能送达（邮件，找不到收件人）",
            "The message “New work” could not be delivered (e-mail, no recipient)",
        ),
        (
            contract.PaperSigned(
                title="汽车贷款合同",
                number="HT-1",
                role="BORROWER",
                role_title="借款人（抵押人）",
                sha256="",
                consent_sha256="",
                paper_id=1,
            ),
            "汽车贷款合同 HT-1 已由借款人（抵押人）签署",
            "“Car loan contract” HT-1 was signed: borrower",
        ),
    ],
)
def test_a_code_is_said_in_words(event: Event, zh: str, en: str) -> None:
    assert (said(event, None, "zh-hans"), said(event, None, "en")) == (zh, en)


def test_times_are_those_of_the_lenders_clock() -> None:
    moved = estimates.EstimateMoved(
        step="review",
        round=1,
        title="额度审批",
        before_at=AT,
        low_at=None,
        high_at=AT.replace(hour=10),
        because="SLOWER",
        reason="这一步比通常久",
    )
    zh = "「额度审批」的预计完成时间由 2026-11-26 16:30 变为 2026-11-26 18:30：这一步比通常久"
    assert said(moved, None, "zh-hans") == zh
    assert "This step takes longer than usual" in said(moved, None, "en")


def test_what_is_not_there_leaves_no_dash() -> None:
    opened = process.StepOpened(
        step="review", round=1, title="额度审批", ball="us", role="reviewer", owner="", assigned="", due_at=AT
    )
    closed = process.CaseClosed(status="DISBURSED", title="已放款", reason="")
    policy = lending.InsuranceRecorded(
        lien_id=1, policy_number="P-1", until_date=date(2027, 11, 22), is_lender_beneficiary=True
    )
    assert said(opened, None, "zh-hans") == "「额度审批」开始"
    assert said(closed, None, "zh-hans") == "案件结束：已放款"
    assert said(policy, None, "zh-hans") == "登记保单 P-1，至 2027-11-22"


def test_what_was_logged_in_chinese_alone_is_left_out_in_english() -> None:
    opened = process.StepOpened(
        step="review",
        round=1,
        title="额度审批",
        ball="us",
        role="reviewer",
        owner="STAFF:1",
        assigned="自动分配给赵磊",
        due_at=AT,
    )
    assert said(opened, None, "zh-hans") == "「额度审批」开始，自动分配给赵磊"
    assert said(opened, None, "en") == "“额度审批” began"


def test_who_was_given_a_step_is_said_in_english_where_it_was_logged_so() -> None:
    opened = process.StepOpened(
        step="review",
        round=1,
        title="额度审批",
        ball="us",
        role="reviewer",
        owner="STAFF:1",
        assigned="自动分配给赵磊：手上 1 件，为可办人员中最少",
        assigned_en="Assigned to 赵磊, who has the fewest open: 1",
        due_at=AT,
    )
    assert said(opened, None, "zh-hans") == "「额度审批」开始，自动分配给赵磊：手上 1 件，为可办人员中最少"
    assert said(opened, None, "en").endswith("began. Assigned to 赵磊, who has the fewest open: 1")


def test_what_stands_for_a_name_is_said_in_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert [actor_name(one) for one in ("系统", "客户", "陈静")] == ["System", "Customer", "陈静"]
    with translation.override("zh-hans"):
        assert actor_name("系统") == "系统"
