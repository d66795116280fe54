"""The audit log at the desk: who may read it, what it says, how it is narrowed, taken out and proved."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from cheqi.core.events.access import AbsenceRecorded, LoggedOut
from cheqi.core.events.base import Event
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.eventlog.operations import record, seal
from cheqi.foundation.privacy.operations import unmask
from cheqi.foundation.staff.operations import log_in
from cheqi.foundation.workflow.models import Case
from cheqi.records.parties.models import Party
from cheqi.web.desk import audit
from tests.journeys.acts import PERSON, decided, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import (
    LARGE,
    at_the_desk,
    in_review,
    login_of,
    looked_at,
    open_steps,
    posted,
    statements_of,
)

PAGE = "/desk/audit/"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def a_number_was_seen(world: World, case_id: int, login: str = "zhaolei") -> None:
    """A colleague looks at the customer's mobile."""
    party = Party.objects.get(pk=Case.objects.get(pk=case_id).party_id)
    value = unmask(
        party, "mobile", actor=world.staff(login), reason="致电客户核实收入", now=world.now,
        case_id=case_id, party_id=party.pk,
    )  # fmt: skip
    assert value == PERSON.mobile


@pytest.mark.parametrize("address", [PAGE, "/desk/audit.csv", f"{PAGE}1/"])
def test_who_does_not_check_access_is_told_who_does(world: World, address: str) -> None:
    sent(world)
    looked_at(at_the_desk(world, "chenjing", stepped_up=True), address, 403)


@pytest.mark.parametrize("login", ["zhouning", "wutong", "admin"])
def test_an_unmasking_says_who_saw_what_of_whom_and_why(world: World, login: str) -> None:
    case_id = sent(world)
    a_number_was_seen(world, case_id)
    shown = looked_at(at_the_desk(world, login), f"{PAGE}?kind=unmask")
    assert "查看了完整的 手机号，理由：致电客户核实收入" in shown
    assert "赵磊" in shown
    assert PERSON.name in shown
    assert Case.objects.get(pk=case_id).number in shown
    assert PERSON.mobile not in shown
    assert "提交申请" not in shown


def test_log_ins_and_refused_ones_are_there(world: World) -> None:
    log_in(login="chenjing", password="wrong", address="10.1.1.1", now=world.now)
    shown = looked_at(at_the_desk(world, "wutong"), f"{PAGE}?kind=refused")
    assert "从 10.1.1.1 登录失败" in shown
    assert "陈静" in shown
    assert "还没有人" not in shown


def test_colleagues_are_named_and_truth_values_are_words(world: World) -> None:
    away, delegate = (world.lender.members[login].pk for login in ("zhaolei", "hejun"))
    happened: tuple[Event, ...] = (
        AbsenceRecorded(member_id=away, delegate_id=delegate, roles=("reviewer",)),
        LoggedOut(member_id=away, everywhere=True),
        LoggedOut(member_id=away, everywhere=False),
    )
    for one in happened:
        record(one, actor=world.staff("admin"), now=world.now)
    shown = looked_at(at_the_desk(world, "wutong"), PAGE)
    assert "登记外出，由何军代理" in shown
    assert "在所有设备上退出登录" in shown
    assert "True" not in shown
    assert "False" not in shown


def test_who_acted_for_somebody_is_said_with_the_name(world: World) -> None:
    case_id = sent(world)
    absent = world.lender.members["hejun"].pk
    a_number_was_seen(world, case_id)
    EventRow.objects.filter(type="access.unmasked").update(acting_for=str(absent))
    assert "代何军办理" in looked_at(at_the_desk(world, "wutong"), f"{PAGE}?kind=unmask")


def test_the_log_is_narrowed_by_colleague_case_and_day(world: World) -> None:
    case_id = sent(world)
    number = Case.objects.get(pk=case_id).number
    a_number_was_seen(world, case_id)
    client, day = at_the_desk(world, "wutong"), timezone.localtime(world.now).date()
    seen = "致电客户核实收入"
    for narrow in (f"who=赵磊&case={number.lower()}", f"who=zhaolei&from={day}&until={day}"):
        assert seen in looked_at(client, f"{PAGE}?{narrow}")
    for narrow in ("who=何军", f"until={day - timedelta(days=1)}", f"from={day + timedelta(days=1)}"):
        shown = looked_at(client, f"{PAGE}?{narrow}")
        assert seen not in shown
        assert "没有符合条件的记录" in shown


@pytest.mark.parametrize(
    ("narrow", "said"),
    [
        ("who=没有这个人", "没有叫「没有这个人」的同事"),
        ("case=CQ-1999-000001", "没有找到单号 CQ-1999-000001"),
        ("from=gestern", "日期「gestern」看不懂"),
        ("from=2026-02-31", "看不懂"),
        ("until=9999-12-31", "看不懂"),
        ("from=2026-11-23&until=2026-11-22", "结束日期早于开始日期"),
    ],
)
def test_a_filter_that_cannot_be_understood_says_so(world: World, narrow: str, said: str) -> None:
    client = at_the_desk(world, "wutong", stepped_up=True)
    assert said in looked_at(client, f"{PAGE}?{narrow}", 422)
    assert client.get(f"/desk/audit.csv?{narrow}").status_code == 422


def test_pages_follow_each_other_without_a_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(world)
    monkeypatch.setattr(audit, "PAGE", 4)
    client, address, found = at_the_desk(world, "wutong"), PAGE, list[str]()
    while address:
        shown = client.get(address)
        found += [line.url for line in shown.context["lines"]]
        older = shown.context["older"]
        address = f"{PAGE}?behind={older}" if older else ""
    newest = EventRow.objects.order_by("-occurred_at", "-pk").values_list("pk", flat=True)
    assert found == [f"{PAGE}{pk}/" for pk in newest]
    assert len(found) > 8


def test_an_entry_shows_its_seal_its_proof_and_the_way_to_the_evidence(world: World) -> None:
    case_id = sent(world)
    a_number_was_seen(world, case_id)
    entry = EventRow.objects.get(type="access.unmasked")
    client, address = at_the_desk(world, "wutong"), f"{PAGE}{entry.pk}/"
    waiting = looked_at(client, address)
    assert "正在封存" in waiting
    assert "封存中" in looked_at(client, f"{PAGE}?kind=unmask")
    seal(world.now)
    shown = looked_at(client, address)
    assert "已封存，核对无误" in shown
    assert f'href="/desk/cases/{Case.objects.get(pk=case_id).number}/evidence/"' in shown
    assert bytes(entry.commitment).hex() in shown
    assert "已封存" in looked_at(client, f"{PAGE}?kind=unmask")
    assert client.get(f"{PAGE}999999/").status_code == 404


def test_the_log_leaves_as_a_file_with_a_fresh_code_only_and_that_is_logged(world: World) -> None:
    case_id = sent(world)
    a_number_was_seen(world, case_id)
    assert at_the_desk(world, "admin", stepped_up=True).get("/desk/audit.csv").status_code == 403
    assert at_the_desk(world, "wutong").get("/desk/audit.csv").status_code == 403
    assert EventRow.objects.filter(type="access.list_exported").count() == 0
    answer = at_the_desk(world, "wutong", stepped_up=True).get("/desk/audit.csv?kind=unmask")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (len(lines), "致电客户核实收入" in lines[1]) == (2, True)
    logged = EventRow.objects.get(type="access.list_exported")
    assert (logged.payload["name"], logged.payload["rows"]) == ("审计日志", 1)
    assert logged.payload["filters"] == "kind=unmask"
    assert "导出「审计日志」（1 行）" in looked_at(at_the_desk(world, "zhouning"), f"{PAGE}?kind=export")


def test_an_opinion_stays_veiled_while_the_independent_one_is_open(world: World) -> None:
    case_id = in_review(world, **LARGE)
    clerk = at_the_desk(world, login_of(world, case_id, "call_customer"))
    points = dict.fromkeys(("identity", "car", "loan", "income", "purpose"), "on")
    assert posted(clerk, case_id, "call_customer", "call", comment="", **points) == 302
    world.pass_time()
    assert {"review", "second_review"} <= open_steps(case_id)
    decided(world, case_id, "review", "refuse", reasons=["DEBT"], comment="负债太高不同意")
    reader = at_the_desk(world, "zhouning")
    for address in (f"{PAGE}?kind=credit", PAGE):
        shown = looked_at(reader, address)
        assert "负债" not in shown
        assert "独立审批意见已提交" in shown
    decided(world, case_id, "second_review", "refuse", reasons=["DEBT"], comment="我也不同意")
    assert "现有负债过高" in looked_at(reader, f"{PAGE}?kind=credit")


@pytest.mark.parametrize("narrow", ["", "?kind=credit", "?kind=case", "?kind=log-in&who=zhouning"])
def test_the_log_takes_at_most_twelve_statements(world: World, narrow: str) -> None:
    in_review(world)
    status, statements = statements_of(at_the_desk(world, "zhouning"), f"{PAGE}{narrow}")
    assert status == 200
    assert len(statements) <= 12, "\n".join(one[:160] for one in statements)
