"""The customer's pages over real cases: who may see them, what they show, in how many statements."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.demo.people import a_person
from cheqi.foundation.access import sessions
from cheqi.foundation.access.models import CustomerSession
from cheqi.foundation.documents.models import Document
from cheqi.foundation.eventlog.operations import seal
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.models import Case, StepRow, Transition
from cheqi.records.applications.models import Application
from cheqi.records.parties.models import Party
from cheqi.records.parties.operations import party_for_mobile
from tests.journeys.acts import (
    CAR,
    PERSON,
    answers,
    authorised,
    co_borrower,
    decided,
    done,
    handed_in,
    open_steps,
    party_in,
    secured,
    sent,
    signed,
)
from tests.journeys.conftest import World
from tests.journeys.test_turns import in_review

MOST_STATEMENTS = 15


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The edge's clock is the test's, and so is the language."""
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def at_the_phone(world: World, party_id: int | None, *, case_id: int | None = None) -> Client:
    """A browser in which a customer is logged in; with `case_id`, by a tracker link to that case."""
    client = Client(headers={"accept-language": "zh-hans"})
    session = client.session
    session[sessions.KEY] = CustomerSession.objects.create(
        purpose="LOGIN" if case_id is None else "TRACKER",
        mobile_index="test",
        party_id=party_id,
        case_id=case_id,
        name=PERSON.name,
        began_at=world.now,
        expires_at=world.now + timedelta(days=30),
    ).pk
    session.save()
    return client


def looked_at(client: Client, path: str, status: int = 200) -> str:
    """The page's text; it may not ask the database more often than a page may."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:500])
    statements = [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= MOST_STATEMENTS, "\n".join(one[:160] for one in statements)
    return str(answer.content.decode())


def of(case_id: int) -> tuple[str, int]:
    """Number and customer of a case."""
    case = Case.objects.get(pk=case_id)
    return case.number, case.party_id or 0


def newcomer(world: World, seed: int = 901) -> int:
    """Somebody who has just logged in for the first time."""
    return int(
        done(
            party_for_mobile(
                mobile=a_person(seed).mobile,
                actor=world.staff("chenjing"),
                now=world.now,
                branch_id=world.lender.branches["HZ"].pk,
            )
        ).pk
    )


def begun(world: World, client: Client) -> str:
    """An application that a customer has begun; its number."""
    answer = client.post("/apply/", {"branch": world.lender.branches["HZ"].pk, "once": "a" * 32})
    return str(answer.headers["Location"].split("/")[2])


def filled(world: World, client: Client, number: str, **changes: str) -> None:
    """Every question answered, as from the screens."""
    entered = answers(world, **changes)
    for screen in ("who", "income", "car", "money", "dealer", "account"):
        client.post(f"/apply/{number}/{screen}/", entered)


def test_somebody_new_is_led_to_an_application(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    assert "开始申请" in looked_at(client, "/")
    assert "还没有贷款" in looked_at(client, "/repayment/")
    assert "还没有需要资料的申请" in looked_at(client, "/documents/")
    assert "杭州分部" in looked_at(client, "/apply/")
    assert "退出登录" in looked_at(client, "/me/")


def test_a_stranger_is_asked_to_log_in_and_comes_back(world: World) -> None:
    number, _ = of(sent(world))
    for path in (f"/cases/{number}/", f"/cases/{number}/documents/", "/apply/", f"/cases/{number}/consent/"):
        assert Client().get(path).headers["Location"].startswith("/log-in/?next=")


def test_somebody_elses_case_is_the_same_as_a_missing_one(world: World) -> None:
    number, _ = of(sent(world))
    client = at_the_phone(world, newcomer(world))
    rest = ("", "live/", "history/", "evidence/", "events/1/", "documents/", "consent/", "contract/")
    for end in (*rest, "contract/pdf/", "contract/schedule/", "withdraw/", "pictures/1/"):
        assert client.get(f"/cases/{number}/{end}").status_code == 404, end
        assert client.get(f"/cases/CQ-2026-999999/{end}").status_code == 404, end
    assert client.post(f"/cases/{number}/withdraw/").status_code == 404
    assert client.get(f"/apply/{number}/who/").status_code == 404
    assert client.get("/loans/NOBODY/").status_code == 404
    assert Case.objects.get(number=number).status == "OPEN"


def test_the_only_case_is_the_home_and_answers_the_five_questions(world: World) -> None:
    number, party_id = of(sent(world))
    client = at_the_phone(world, party_id)
    assert client.get("/").headers["Location"] == f"/cases/{number}/"
    page = looked_at(client, f"/cases/{number}/")
    for words in (
        "请拍照上传下面的资料",
        "轮到您",
        "请在此之前办好",
        "上传 5 份资料",
        "征信查询授权",
        "正在与银行核对经销商收款账户",
        "经过",
    ):
        assert words in page, words


def test_several_cases_are_a_list_newest_first(world: World) -> None:
    first, party_id = of(sent(world))
    second = of(sent(world, key="start-2"))[0]
    page = looked_at(at_the_phone(world, party_id), "/")
    assert page.index(second) < page.index(first)


def test_the_colleague_who_works_on_it_is_named(world: World) -> None:
    case_id = in_review(world)
    number, party_id = of(case_id)
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/")
    assert "审核员正在审批您的额度" in page
    assert any(f"{name}正在处理" in page for name in ("赵磊", "何军", "钱莉"))
    assert "历史不足" in page


def test_an_unchanged_case_costs_a_304_and_a_changed_one_is_drawn(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client, path = at_the_phone(world, party_id), f"/cases/{number}/live/"
    first = client.get(path)
    tag = first.headers["ETag"]
    with CaptureQueriesContext(connection) as asked:
        again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, len(asked.captured_queries)) == (304, b"", 4)
    authorised(world, case_id, party_id)
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    assert "查看授权书" not in changed.content.decode()


def test_who_came_by_a_link_sees_the_one_case_and_changes_nothing(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id, case_id=case_id)
    page = looked_at(client, f"/cases/{number}/")
    assert "您是用案件编号进来的" in page
    assert "tabs-bottom" not in page
    for path in ("documents/", "consent/", "withdraw/"):
        assert client.get(f"/cases/{number}/{path}").headers["Location"].startswith("/log-in/")
    assert client.post(f"/cases/{number}/withdraw/").headers["Location"].startswith("/log-in/")
    assert Case.objects.get(pk=case_id).status == "OPEN"
    assert client.get("/").headers["Location"] == f"/cases/{number}/"


def test_every_screen_saves_and_the_last_look_names_what_is_missing(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    number = begun(world, client)
    for screen in ("who", "income", "others", "car", "money", "dealer", "account"):
        looked_at(client, f"/apply/{number}/{screen}/")
    page = looked_at(client, f"/apply/{number}/review/")
    assert "请填写车价" in page
    assert "disabled" in page
    answer = client.post(f"/apply/{number}/send/", {"once": "b" * 32})
    assert answer.status_code == 422
    assert not Application.objects.exists()
    filled(world, client, number)
    page = looked_at(client, f"/apply/{number}/review/")
    assert "¥3,036.76" in page
    assert PERSON.id_number not in page
    assert (
        client.post(f"/apply/{number}/send/", {"once": "b" * 32}).headers["Location"] == f"/cases/{number}/"
    )
    assert Application.objects.get().amount_fen == 10_000_000
    assert "已提交或已结束" in looked_at(client, f"/apply/{number}/who/", 409)


def test_a_wrong_answer_stays_on_its_screen_with_the_sentence_and_the_rest_is_kept(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    number = begun(world, client)
    entered = answers(world, id_number="330199199001011234")
    answer = client.post(f"/apply/{number}/who/", entered)
    assert answer.status_code == 422
    assert "校验位不符" in answer.content.decode()
    kept = Draft.objects.get(number=number).answers
    assert PERSON.name in kept
    assert "330199199001011234" not in kept


def test_one_field_is_saved_as_it_changes_and_what_depends_on_it_comes_along(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    number = begun(world, client)
    answer = client.post(
        f"/apply/{number}/who/save/?field=customer_type", {"customer_type": "COMPANY", "name": "张"}
    )
    page = answer.content.decode()
    assert 'id="q-company_name" hx-swap-oob="true"' in page
    assert 'id="q-name"' not in page
    assert '"customer_type": "COMPANY"' in Draft.objects.get(number=number).answers
    assert "张" not in Draft.objects.get(number=number).answers


def test_an_offer_beyond_a_limit_names_the_rule_before_anything_is_sent(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    number = begun(world, client)
    filled(world, client, number, down_payment_fen="10000")
    page = looked_at(client, f"/apply/{number}/money/")
    assert "最多可贷车价的 80%，即 ¥120,000.00；首付至少 ¥30,000.00" in page
    assert not Application.objects.exists()


def test_starting_twice_with_one_tap_starts_once(world: World) -> None:
    client = at_the_phone(world, newcomer(world))
    assert begun(world, client) == begun(world, client)
    assert Case.objects.count() == 1


def test_a_file_that_is_no_picture_is_refused_on_its_card_and_nothing_is_kept(world: World) -> None:
    number, party_id = of(sent(world))
    client, path = at_the_phone(world, party_id), f"/cases/{number}/documents/ID_CARD_FRONT/upload/"
    file = SimpleUploadedFile("id.jpg", b"only words", content_type="image/jpeg")
    answer = client.post(path, {"file": file}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'id="slot-ID_CARD_FRONT"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Document.objects.exists()


def test_documents_show_their_state_and_pictures_are_the_customers_own(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    assert "还差 5 份" in looked_at(client, f"/cases/{number}/documents/")
    handed_in(world, case_id)
    assert "已收到" in looked_at(client, f"/cases/{number}/documents/")
    document = Document.objects.earliest("pk")
    picture = client.get(f"/cases/{number}/pictures/{document.pk}/small/")
    assert picture.headers["Content-Type"] == "image/jpeg"
    tag = {"If-None-Match": picture.headers["ETag"]}
    assert client.get(f"/cases/{number}/pictures/{document.pk}/small/", headers=tag).status_code == 304
    stranger = at_the_phone(world, newcomer(world))
    assert stranger.get(f"/cases/{number}/pictures/{document.pk}/small/").status_code == 404


def test_a_case_of_which_no_photograph_was_kept_says_so_and_offers_no_broken_link(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    StepRow.objects.filter(case_id=case_id).update(status="DONE", outcome="sign")
    page = looked_at(client, f"/cases/{number}/documents/")
    assert "这里没有这笔申请的资料" in page
    assert "待上传" not in page
    assert "/contract/" not in looked_at(client, f"/cases/{number}/")


def test_a_rejected_document_says_why_and_how_to_take_it_right(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    handed_in_once = Document.objects.filter(case_id=case_id)
    handed_in(world, case_id)
    handed_in_once.filter(slot="ID_CARD_FRONT").update(state="REJECTED", reason_code="GLARE")
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/documents/")
    assert "照片有反光" in page
    assert "需要重拍" in page


def test_the_consent_is_given_with_a_code_and_only_once(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client, path = at_the_phone(world, party_id), f"/cases/{number}/consent/"
    assert "个人征信查询授权书" in looked_at(client, path)
    client.post(path, {"wish": "code"})
    world.pass_time()
    assert client.post(path, {"code": "000000"}).status_code == 422
    assert "authorise_credit" in open_steps(case_id)
    agreed = client.post(path, {"code": world.codes.last, "once": "c" * 32})
    assert agreed.headers["Location"] == f"/cases/{number}/"
    assert "authorise_credit" not in open_steps(case_id)
    assert "您已经授权过了" in looked_at(client, path, 409)


def test_declining_ends_the_application(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    client.post(f"/cases/{number}/consent/decline/", {"once": "d" * 32})
    assert Case.objects.get(pk=case_id).status == "WITHDRAWN"
    page = looked_at(client, f"/cases/{number}/")
    assert "申请已撤回" in page
    assert "重新申请" in page


def test_withdrawing_twice_withdraws_once(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client, path = at_the_phone(world, party_id), f"/cases/{number}/withdraw/"
    assert "确认撤回" in looked_at(client, path)
    for _ in range(2):
        client.post(path, {"once": "e" * 32, "reason": "不买了"})
    assert Transition.objects.filter(case_id=case_id, after="WITHDRAWN").count() == 1
    looked_at(client, path, 409)


def test_a_refusal_says_its_reasons_and_how_to_go_on(world: World) -> None:
    case_id = in_review(world)
    number, party_id = of(case_id)
    decided(world, case_id, "review", "refuse", reasons=["DEBT"])
    page = looked_at(at_the_phone(world, party_id), f"/cases/{number}/")
    for words in ("这次没有通过", "现有负债过高", "提出复核"):
        assert words in page, words


def test_the_contract_is_signed_only_after_it_was_opened(world: World) -> None:
    case_id = in_review(world)
    number, party_id = of(case_id)
    client, path = at_the_phone(world, party_id), f"/cases/{number}/contract/"
    looked_at(client, path, 409)
    decided(world, case_id, "review", "approve")
    assert "¥109,323.36" in looked_at(client, path)
    unread = client.post(path, {"wish": "code", "read": "yes"})
    assert unread.status_code == 422
    assert "请先打开合同全文" in unread.content.decode()
    assert client.get(f"{path}pdf/").content.startswith(b"%PDF")
    client.post(path, {"wish": "code", "read": "yes"})
    world.pass_time()
    page = client.get(path).content.decode()
    shown = page.split('name="shown" value="')[1].split('"')[0]
    other = client.post(path, {"code": world.codes.last, "shown": "0" * 64})
    assert other.status_code in {409, 422}
    assert open_steps(case_id) == {"sign_contract"}
    client.post(path, {"shown": shown, "once": "f" * 32})
    assert "sign_contract" not in open_steps(case_id)


def test_a_co_borrower_reaches_the_contract_and_nothing_else(world: World) -> None:
    case_id = in_review(world, **co_borrower())
    number, _ = of(case_id)
    decided(world, case_id, "review", "approve")
    client = at_the_phone(world, party_in(case_id, "CO_BORROWER"))
    assert "借款金额" in looked_at(client, f"/cases/{number}/contract/")
    assert client.get(f"/cases/{number}/").status_code == 404


def test_a_paid_out_loan_shows_its_schedule_and_papers(world: World) -> None:
    case_id = in_review(world)
    number, party_id = of(case_id)
    decided(world, case_id, "review", "approve")
    signed(world, case_id, party_id)
    world.pass_time()
    secured(world, case_id, world.staff("limin"))
    payer = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=case_id, actor=payer, now=world.now, key="pay-1"))
    world.pass_time()
    client = at_the_phone(world, party_id)
    assert "贷款已发放" in looked_at(client, f"/cases/{number}/")
    loan = client.get("/repayment/").headers["Location"]
    page = looked_at(client, loan)
    assert page.count("<tr>") == 37
    assert "¥3,036.76" in page
    assert client.get(f"/cases/{number}/contract/schedule/").content.startswith(b"%PDF")
    assert client.get(loan.replace("HT", "XX")).status_code == 404


def test_every_line_of_the_history_opens_its_proof(world: World) -> None:
    case_id = sent(world)
    number, party_id = of(case_id)
    client = at_the_phone(world, party_id)
    page = looked_at(client, f"/cases/{number}/history/")
    line = page.split("/events/")[1].split("/")[0]
    assert "正在封存" in looked_at(client, f"/cases/{number}/events/{line}/")
    seal(world.now)
    assert "凭证有效" in looked_at(client, f"/cases/{number}/events/{line}/")
    bundle = client.get(f"/cases/{number}/evidence/")
    assert bundle.headers["Content-Type"] == "application/zip"
    assert bundle.content.startswith(b"PK")


def test_the_customer_chooses_how_messages_come(world: World) -> None:
    _, party_id = of(sent(world))
    client = at_the_phone(world, party_id)
    refused = client.post("/me/", {"channel": "MAIL", "language": "en", "email": ""})
    assert refused.status_code == 422
    assert Party.objects.get(pk=party_id).channel != "MAIL"
    client.post("/me/", {"channel": "MAIL", "language": "en", "email": "someone@example.com"})
    party = Party.objects.get(pk=party_id)
    assert (party.channel, party.language, party.email) == ("MAIL", "en", "someone@example.com")


def test_messages_are_read_in_the_portal_by_their_own_customer_only(world: World) -> None:
    party_id = of(sent(world))[1]
    client = at_the_phone(world, party_id)
    assert "还没有消息" in looked_at(client, "/me/messages/")
    world.settle()
    assert Message.objects.update(state="SENT", sent_at=world.now, next_try_at=None) == 2
    assert "2 条未读" in looked_at(client, "/me/")
    page = looked_at(client, "/me/messages/")
    assert "已受理" in page
    assert page.count("未读") == 2
    assert "还没有消息" in looked_at(at_the_phone(world, newcomer(world)), "/me/messages/")
    assert client.post("/me/messages/").headers["Location"] == "/me/messages/"
    assert "未读" not in looked_at(client, "/me/messages/")


def test_the_pages_are_whole_in_english(world: World) -> None:
    number, party_id = of(sent(world))
    client = at_the_phone(world, party_id)
    client.cookies["django_language"] = "en"
    page = client.get(f"/cases/{number}/").content.decode()
    assert "For you to do" in page
    assert CAR.brand in page
