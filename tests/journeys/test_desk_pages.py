"""The desk's pages over real cases: who may see them, what they show, in how many statements."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.privacy.models import Unmasking
from cheqi.foundation.staff import sessions
from cheqi.foundation.workflow.models import Case, StepRow
from tests.journeys.acts import PERSON, authorised, decided, handed_in, open_steps, owner_of, sent
from tests.journeys.conftest import World

MOST_STATEMENTS = 15
LARGE = {"price_fen": "500000", "down_payment_fen": "200000", "monthly_income_fen": "90000"}
EVERYBODYS = ("", "cases/", "board/", "escalated/", "messages/", "people/", "process/", "products/", "rules/")


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The edge's clock is the test's, and so is the language."""
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def at_the_desk(world: World, login: str, *, stepped_up: bool = False) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    member = world.lender.members[login]
    at = world.now.isoformat() if stepped_up else None
    session = client.session
    session[sessions.KEY] = {
        "id": member.pk,
        "epoch": member.session_epoch,
        "passed": True,
        "stepped_up": at,
        "began": timezone.now().isoformat(),
    }
    session.save()
    return client


def statements_of(client: Client, path: str) -> tuple[int, list[str]]:
    """The status of a page, all of it read, and the statements that it took."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
        if isinstance(answer, StreamingHttpResponse):
            b"".join(answer)
    return answer.status_code, [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]


def looked_at(client: Client, path: str, status: int = 200) -> str:
    """The page's text; it may not ask the database more often than a page may."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:500])
    statements = [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= MOST_STATEMENTS, "\n".join(one[:160] for one in statements)
    return answer.content.decode()


def search_for(client: Client, text: str, page: str = "/desk/search/") -> str:
    """Where the search of a text is answered."""
    answer = client.post(page, {"q": text})
    assert answer.status_code == 302
    return answer.headers["Location"]


def case_page(case_id: int) -> str:
    """Where a case is."""
    return f"/desk/cases/{Case.objects.get(pk=case_id).number}/"


def login_of(world: World, case_id: int, step: str) -> str:
    """The log-in of the colleague whom the step was given to."""
    owner = owner_of(world, case_id, step)
    return next(login for login, member in world.lender.members.items() if str(member.pk) == owner.id)


def posted(client: Client, case_id: int, step: str, deed: str, **fields: object) -> int:
    """The status after a deed was posted from a page opened now."""
    number = StepRow.objects.filter(case_id=case_id, key=step).order_by("-round").values_list("round").first()
    form = {"step": step, "deed": deed, "round": number[0] if number else 1, "nonce": "n1", **fields}
    return client.post(case_page(case_id), form).status_code


def in_review(world: World, **changes: str) -> int:
    """A case that waits for its reviewers."""
    case_id = sent(world, **changes)
    handed_in(world, case_id)
    authorised(world, case_id, Case.objects.get(pk=case_id).party_id or 0)
    world.pass_time()
    return case_id


@pytest.mark.parametrize("page", EVERYBODYS)
def test_every_page_opens_empty_and_full_within_its_statements(world: World, page: str) -> None:
    client = at_the_desk(world, "zhouning")
    looked_at(client, f"/desk/{page}")
    sent(world)
    looked_at(client, f"/desk/{page}")


def test_an_empty_queue_says_so(world: World) -> None:
    assert "现在没有待办" in looked_at(at_the_desk(world, "zhaolei"), "/desk/")


def test_the_page_of_a_case_shows_who_what_and_how_much(world: World) -> None:
    case_id = sent(world)
    client, page = at_the_desk(world, "chenjing"), case_page(case_id)
    assert Case.objects.get(pk=case_id).number in looked_at(client, page)
    facts = looked_at(client, f"{page}facts/")
    assert "¥100,000.00" in facts
    assert PERSON.name in facts
    assert PERSON.id_number not in facts
    assert "身份证（人像面）" in looked_at(client, f"{page}work/?step=collect_materials")
    assert "提交申请" in looked_at(client, f"{page}past/")


@pytest.mark.parametrize("part", ["", "facts/", "work/", "past/", "presence/", "evidence/", "application/"])
def test_a_case_of_another_branch_is_the_same_as_a_missing_one(world: World, part: str) -> None:
    page = case_page(sent(world))
    stranger = at_the_desk(world, "zhengyi")
    assert stranger.get(f"{page}{part}").status_code == 404
    assert stranger.get(f"/desk/cases/CQ-2026-999999/{part}").status_code == 404


@pytest.mark.parametrize(
    ("login", "page"),
    [("zhaolei", "applications/new/"), ("chenjing", "failures/"), ("chenjing", "reassign/")],
)
def test_who_may_not_do_something_is_told_whose_work_it_is(world: World, login: str, page: str) -> None:
    looked_at(at_the_desk(world, login), f"/desk/{page}", 403)


def test_a_masked_number_is_shown_for_a_reason_that_is_on_record(world: World) -> None:
    case_id = sent(world)
    party_id = Case.objects.get(pk=case_id).party_id
    client = at_the_desk(world, "zhaolei")
    asked = {"what": f"party-{party_id}-id_number", "reason": "核对证件号码"}
    refused = client.post(f"{case_page(case_id)}unmask/", {**asked, "reason": ""})
    assert refused.status_code == 422
    assert Unmasking.objects.count() == 0
    shown = client.post(f"{case_page(case_id)}unmask/", asked)
    assert PERSON.id_number in shown.content.decode()
    assert [row.reason for row in Unmasking.objects.all()] == ["核对证件号码"]


def test_nobodys_number_is_shown_who_does_not_take_part(world: World) -> None:
    case_id = sent(world)
    client = at_the_desk(world, "zhaolei")
    asked = {"what": "party-999-id_number", "reason": "核对证件号码"}
    assert client.post(f"{case_page(case_id)}unmask/", asked).status_code == 404
    assert Unmasking.objects.count() == 0


def test_a_review_is_decided_on_its_page_and_the_same_post_decides_once(world: World) -> None:
    case_id = in_review(world)
    client = at_the_desk(world, login_of(world, case_id, "review"))
    looked_at(client, case_page(case_id))
    assert "月供" in looked_at(client, f"{case_page(case_id)}work/?step=review")
    assert posted(client, case_id, "review", "approve", comment="") == 302
    assert posted(client, case_id, "review", "approve", comment="") == 302
    assert StepRow.objects.filter(case_id=case_id, key="review").count() == 1


def test_a_refusal_without_reasons_comes_back_with_its_form(world: World) -> None:
    case_id = in_review(world)
    client = at_the_desk(world, login_of(world, case_id, "review"))
    assert posted(client, case_id, "review", "refuse") == 422
    assert open_steps(case_id) == {"review"}


def test_who_comes_second_is_told_that_the_step_has_changed(world: World) -> None:
    case_id = in_review(world)
    first = login_of(world, case_id, "review")
    other = at_the_desk(world, "hejun" if first == "zhaolei" else "zhaolei")
    decided(world, case_id, "review", "approve")
    assert posted(other, case_id, "review", "approve") == 409


def test_the_wrong_role_cannot_decide_and_nothing_changes(world: World) -> None:
    case_id = in_review(world)
    assert posted(at_the_desk(world, "limin"), case_id, "review", "approve") == 403
    assert open_steps(case_id) == {"review"}


def test_the_second_reviewer_sees_the_firsts_opinion_only_after_their_own(world: World) -> None:
    case_id = in_review(world, **LARGE)
    clerk = at_the_desk(world, login_of(world, case_id, "call_customer"))
    points = dict.fromkeys(("identity", "car", "loan", "income", "purpose"), "on")
    assert posted(clerk, case_id, "call_customer", "call", comment="", **points) == 302
    world.pass_time()
    assert {"review", "second_review"} <= open_steps(case_id)
    second = at_the_desk(world, login_of(world, case_id, "second_review"))
    first_name = owner_of(world, case_id, "review").name
    decided(world, case_id, "review", "refuse", reasons=["DEBT"], comment="负债太高不同意")
    page = case_page(case_id)
    for part in ("?step=second_review", "work/?step=second_review", "past/", "facts/"):
        shown = looked_at(second, f"{page}{part}")
        assert "负债太高不同意" not in shown
        assert "REFUSE" not in shown
        assert first_name not in re.sub(r"交给 .*?<", "", shown) or part == "past/"
    assert "独立审批意见已提交" in looked_at(second, f"{page}past/")
    assert "独立复核完成后可以导出凭证" in looked_at(second, f"{page}?step=second_review")
    assert second.get(f"{page}evidence/").status_code == 409
    assert posted(second, case_id, "second_review", "refuse", reasons=["DEBT"], comment="我也不同意") == 302
    assert "负债太高不同意" in looked_at(second, f"{page}past/")


def test_an_export_needs_the_permission_and_a_fresh_code_and_is_on_record(world: World) -> None:
    sent(world)
    assert at_the_desk(world, "chenjing", stepped_up=True).get("/desk/cases.csv").status_code == 403
    assert at_the_desk(world, "zhouning").get("/desk/cases.csv").status_code == 403
    assert EventRow.objects.filter(type="access.list_exported").count() == 0
    answer = at_the_desk(world, "zhouning", stepped_up=True).get("/desk/cases.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (len(lines), PERSON.name in lines[1]) == (2, True)
    assert EventRow.objects.filter(type="access.list_exported").count() == 1


def test_others_who_look_at_the_case_are_named_until_they_are_gone(world: World) -> None:
    page = case_page(sent(world))
    at_the_desk(world, "limin").get(f"{page}presence/")
    mine = at_the_desk(world, "chenjing")
    assert "李敏" in looked_at(mine, f"{page}presence/")
    world.pass_time(2)
    assert "仅您" in looked_at(mine, f"{page}presence/")


def test_an_application_is_entered_at_the_desk_saved_as_one_goes_and_sent(world: World) -> None:
    client = at_the_desk(world, "chenjing")
    branch = world.lender.branches["HZ"].pk
    begun = client.post("/desk/applications/new/", {"mobile": PERSON.mobile, "branch": branch, "key": "k1"})
    assert begun.status_code == 302
    page = begun.headers["Location"]
    assert "客户类型" in looked_at(client, page)
    wrong = client.post(page, {"id_number": "123"}, headers={"hx-request": "true"}).content.decode()
    assert 'id="e-id_number" data-note><div class="error">' in wrong
    assert client.post(page, {"wish": "submit"}).status_code == 422
    assert (
        "新车标准贷" in client.post(page, {"customer_type": "EMPLOYEE", "condition": "NEW"}).content.decode()
    )


def test_a_search_by_number_opens_the_case_and_by_name_lists_it(world: World) -> None:
    case_id = sent(world)
    client = at_the_desk(world, "chenjing")
    number = Case.objects.get(pk=case_id).number
    assert client.get(search_for(client, number)).headers["Location"] == case_page(case_id)
    assert number in looked_at(client, search_for(client, PERSON.name))
    stranger = at_the_desk(world, "zhengyi")
    assert number not in looked_at(stranger, search_for(stranger, PERSON.name))


def test_work_is_handed_over_with_a_reason(world: World) -> None:
    case_id = in_review(world)
    step = StepRow.objects.get(case_id=case_id, key="review", status="OPEN")
    others = {world.lender.members[login].pk for login in ("zhaolei", "hejun")} - {step.owner_id}
    manager = at_the_desk(world, "zhouning")
    assert "将转交 1 件" in looked_at(manager, f"/desk/reassign/?step={step.pk}")
    form = {"step": step.pk, "member": others.pop(), "reason": "负荷调整", "key": "k"}
    assert manager.post("/desk/reassign/", form).status_code == 302
    step.refresh_from_db()
    assert step.owner_id == form["member"]
