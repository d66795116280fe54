"""A member's session at the API: how it begins, what it is good for, and everything that ends it."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import Refused
from cheqi.demo.lender import PASSWORD, DemoLender
from cheqi.demo.second_factors import code_of, enrol
from cheqi.foundation.access.models import IdempotencyKey
from cheqi.foundation.access.tasks import tidy
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.staff import operations
from cheqi.foundation.staff.models import ApiSession, Member, RoleAssignment
from tests.api.scenarios import Program, error_of, json_of, log_in_of

REFUSED_LOG_IN = (403, "NOT_ALLOWED", ["staff.log_in"])
REFUSED_CODE = (403, "NOT_ALLOWED", ["staff.second_factor"])
NOBODY = (401, "UNAUTHENTICATED", ["api.unauthenticated"])
STRANGER = Program("")


@dataclass
class Clock:
    """The moment at which requests come."""

    now: datetime

    def go(self, **length: float) -> None:
        """Time passes."""
        self.now += timedelta(**length)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The edge's one clock, in the test's hand."""
    clock = Clock(datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def people(clock: Clock, lender: DemoLender) -> dict[str, Member]:
    """The demo's people with their authenticators."""
    enrol(lender.members, clock.now)
    return lender.members


def try_log_in(clock: Clock, login: str = "sunhao", **changes: str) -> HttpResponse:
    """A log-in with the code of this moment, or with what is changed."""
    return STRANGER.post("staff/sessions", {**log_in_of(login, clock.now), **changes})


def begun(clock: Clock, login: str = "sunhao") -> tuple[Program, dict[str, Any]]:
    """A member's program after its log-in, half a minute later than whatever came before."""
    clock.go(seconds=30)
    answer = json_of(try_log_in(clock, login), 201)
    return Program(answer["token"]), answer


def events(kind: str) -> int:
    """How many events of a type are in the log."""
    return EventRow.objects.filter(type=f"access.{kind}").count()


def test_password_and_code_begin_a_session_that_acts_as_the_member(
    clock: Clock, people: dict[str, Member], lender: DemoLender
) -> None:
    payer, answer = begun(clock)
    branch_id = lender.branches["HZ"].pk
    assert answer["member"] == {
        "id": people["sunhao"].pk,
        "name": "孙浩",
        "roles": ["disbursement"],
        "branch_ids": [branch_id],
        "sees_everything": False,
    }
    assert json_of(payer.get("staff/sessions/me")) == answer["member"]
    (listed,) = json_of(payer.get("staff/sessions"))["items"]
    assert (listed["id"], listed["program"], listed["is_this"]) == (answer["id"], "机器人", True)
    assert "token" not in listed
    assert (events("staff_logged_in"), events("second_factor_passed"), events("api_session_began")) == (
        1,
        1,
        1,
    )


def test_only_the_hash_of_a_token_is_kept_and_no_log_holds_it(
    clock: Clock, people: dict[str, Member], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        payer, answer = begun(clock)
        payer.get("staff/queue")
        Program(payer.key + "x").get("staff/queue")
    secret = payer.key.split("_", 2)[2]  # it may hold underscores itself
    assert len(secret) > 40
    assert secret not in caplog.text
    assert PASSWORD not in caplog.text
    row = ApiSession.objects.get()
    assert secret not in str(vars(row))
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM eventlog_eventrow")
        assert secret not in str(cursor.fetchall())
    assert IdempotencyKey.objects.count() == 0
    assert answer["token"] not in repr(operations.BegunSession(row, answer["token"]))


def test_a_password_without_its_code_opens_nothing(clock: Clock, people: dict[str, Member]) -> None:
    missing = {name: value for name, value in log_in_of("sunhao", clock.now).items() if name != "code"}
    assert error_of(STRANGER.post("staff/sessions", missing))[:2] == (422, "INVALID")
    assert error_of(try_log_in(clock, code=""))[:2] == (422, "INVALID")
    right = code_of("sunhao", clock.now)
    wrong = "000000" if right != "000000" else "000001"
    assert error_of(try_log_in(clock, code=wrong)) == REFUSED_CODE
    assert ApiSession.objects.count() == 0


def test_without_an_authenticator_there_is_no_session(clock: Clock, lender: DemoLender) -> None:
    assert error_of(try_log_in(clock)) == (403, "NOT_ALLOWED", ["staff.totp.missing"])
    assert error_of(try_log_in(clock, password="wrong")) == REFUSED_LOG_IN
    assert ApiSession.objects.count() == 0


def test_a_recovery_code_is_for_the_desk(clock: Clock, people: dict[str, Member]) -> None:
    assert error_of(try_log_in(clock, code="ABCDE-23456"))[:2] == (422, "INVALID")


def test_a_code_works_once_here_or_at_the_desk(clock: Clock, people: dict[str, Member]) -> None:
    code = code_of("sunhao", clock.now)
    desk = Client()
    desk.post("/desk/log-in/", {"login": "sunhao", "password": PASSWORD})
    assert desk.post("/desk/log-in/code/", {"code": code}).status_code == 302
    assert error_of(try_log_in(clock)) == REFUSED_CODE
    payer, _ = begun(clock)
    same = {"code": code_of("sunhao", clock.now)}
    assert error_of(payer.post("staff/sessions/step-up", same)) == REFUSED_CODE
    assert error_of(try_log_in(clock)) == REFUSED_CODE
    assert events("second_factor_failed") == 3


def test_wrong_login_wrong_password_and_a_suspended_member_are_one_answer(
    clock: Clock, people: dict[str, Member]
) -> None:
    Member.objects.filter(login="gaoyang").update(is_active=False)
    answers = [
        try_log_in(clock, "sunhao", password="wrong"),
        STRANGER.post("staff/sessions", {"login": "nobody", "password": PASSWORD, "code": "123456"}),
        try_log_in(clock, "gaoyang"),
    ]
    assert {error_of(answer)[0] for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert events("log_in_failed") == 3


def test_tries_are_limited_together_with_those_at_the_desk(clock: Clock, people: dict[str, Member]) -> None:
    for _ in range(3):
        assert error_of(try_log_in(clock, password="wrong")) == REFUSED_LOG_IN
    for _ in range(2):
        Client().post("/desk/log-in/", {"login": "sunhao", "password": "wrong"})
    locked = try_log_in(clock)
    assert error_of(locked) == (429, "TOO_MANY", ["access.throttle"])
    assert locked.headers["Retry-After"] == "30"
    clock.go(seconds=30)
    json_of(try_log_in(clock), 201)


def test_guessed_codes_lock_and_a_right_one_does_not_open_then(
    clock: Clock, people: dict[str, Member]
) -> None:
    payer, _ = begun(clock)
    clock.go(seconds=30)
    right = code_of("sunhao", clock.now)
    for _ in range(5):
        wrong = {"code": "000000" if right != "000000" else "000001"}
        assert error_of(payer.post("staff/sessions/step-up", wrong)) == REFUSED_CODE
    locked = payer.post("staff/sessions/step-up", {"code": right})
    assert error_of(locked)[:2] == (429, "TOO_MANY")
    assert error_of(try_log_in(clock))[:2] == (429, "TOO_MANY")


def test_a_step_up_is_fresh_for_ten_minutes_and_repeats_under_its_key(
    clock: Clock, people: dict[str, Member]
) -> None:
    payer, answer = begun(clock)
    assert answer["fresh_until"] == f"{clock.now + timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}"
    clock.go(minutes=20)
    given = {"code": code_of("sunhao", clock.now)}
    first = payer.post("staff/sessions/step-up", given, key="fresh-1")
    again = payer.post("staff/sessions/step-up", given, key="fresh-1")
    assert json_of(first) == json_of(again)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert ApiSession.objects.get().stepped_up_at == clock.now


def test_a_step_up_counts_for_its_own_session_only(clock: Clock, people: dict[str, Member]) -> None:
    first, one = begun(clock)
    _, other = begun(clock)
    clock.go(minutes=15)
    json_of(first.post("staff/sessions/step-up", {"code": code_of("sunhao", clock.now)}))
    assert ApiSession.objects.get(public_id=one["id"]).stepped_up_at == clock.now
    assert ApiSession.objects.get(public_id=other["id"]).stepped_up_at < clock.now - timedelta(minutes=10)


def test_a_session_ends_unused_after_half_an_hour_and_used_after_twelve(
    clock: Clock, people: dict[str, Member]
) -> None:
    idle, _ = begun(clock)
    clock.go(minutes=30)
    assert error_of(idle.get("staff/queue")) == NOBODY
    used, _ = begun(clock)
    for _ in range(12 * 3 - 1):
        clock.go(minutes=20)
        json_of(used.get("staff/queue"))
    clock.go(minutes=20)
    assert error_of(used.get("staff/queue")) == NOBODY


def test_an_ended_session_opens_nothing_and_others_go_on(clock: Clock, people: dict[str, Member]) -> None:
    first, one = begun(clock)
    second, two = begun(clock)
    third, _ = begun(clock)
    json_of(first.delete("staff/sessions/current"))
    assert error_of(first.get("staff/queue")) == NOBODY
    json_of(third.delete(f"staff/sessions/{two['id']}"))
    assert error_of(second.get("staff/queue")) == NOBODY
    assert [each["is_this"] for each in json_of(third.get("staff/sessions"))["items"]] == [True]
    assert error_of(third.delete("staff/sessions/000000000000")) == (404, "NOT_FOUND", ["staff.api_session"])
    assert events("api_session_ended") == 2
    assert ApiSession.objects.get(public_id=one["id"]).ended_at == clock.now


def test_nobody_ends_a_session_of_somebody_else(clock: Clock, people: dict[str, Member]) -> None:
    _, theirs = begun(clock, "gaoyang")
    mine, _ = begun(clock)
    answer = mine.delete(f"staff/sessions/{theirs['id']}")
    assert error_of(answer) == (404, "NOT_FOUND", ["staff.api_session"])
    assert ApiSession.objects.get(public_id=theirs["id"]).ended_at is None


def _new_password(member: Member, now: datetime) -> None:
    done = operations.change_password(
        member, old=PASSWORD, new="a longer horse 9", address="127.0.0.1", now=now
    )
    assert not isinstance(done, Refused)


def _suspended(member: Member, now: datetime) -> None:
    assert not isinstance(operations.suspend_member(member, actor=SYSTEM, now=now), Refused)


def _reset(member: Member, now: datetime) -> None:
    done = operations.reset_access(member, password="temporary pass 1", actor=SYSTEM, now=now)
    assert not isinstance(done, Refused)


def _out_everywhere(member: Member, now: datetime) -> None:
    operations.log_out(member, everywhere=True, now=now)


@pytest.mark.parametrize("happens", [_new_password, _suspended, _reset, _out_everywhere])
def test_what_ends_every_log_in_ends_the_programs_at_once(
    clock: Clock, people: dict[str, Member], happens: Any
) -> None:
    payer, _ = begun(clock)
    json_of(payer.get("staff/queue"))
    happens(people["sunhao"], clock.now)
    assert error_of(payer.get("staff/queue")) == NOBODY
    assert error_of(payer.get("products")) == NOBODY


def test_a_password_that_an_administrator_set_is_changed_at_the_desk_first(
    clock: Clock, people: dict[str, Member]
) -> None:
    Member.objects.filter(login="sunhao").update(must_change_password=True)
    assert error_of(try_log_in(clock)) == (403, "NOT_ALLOWED", ["staff.password.owed"])
    assert ApiSession.objects.count() == 0


def test_a_role_that_was_taken_counts_no_more_at_the_next_call(
    clock: Clock, people: dict[str, Member]
) -> None:
    payer, _ = begun(clock)
    RoleAssignment.objects.filter(member=people["sunhao"]).update(ended_at=clock.now)
    shown = json_of(payer.get("staff/sessions/me"))
    assert (shown["roles"], shown["branch_ids"]) == ([], [])


@pytest.mark.parametrize("change", ["id", "secret", "prefix", "case"])
def test_a_token_that_is_not_quite_right_is_nobodys(
    clock: Clock, people: dict[str, Member], change: str
) -> None:
    payer, _ = begun(clock)
    prefix, public_id, secret = payer.key.split("_", 2)
    wrong = {
        "id": f"{prefix}_{'0' * 12}_{secret}",
        "secret": f"{prefix}_{public_id}_{secret[:-1]}",
        "prefix": f"ck_{public_id}_{secret}",
        "case": payer.key.upper(),
    }[change]
    assert error_of(Program(wrong).get("staff/queue")) == NOBODY


def test_a_cookie_of_the_desk_opens_nothing_here_and_a_log_in_here_sets_none(
    clock: Clock, people: dict[str, Member]
) -> None:
    browser = Client()
    browser.post("/desk/log-in/", {"login": "sunhao", "password": PASSWORD})
    browser.post("/desk/log-in/code/", {"code": code_of("sunhao", clock.now)})
    assert browser.get("/desk/account/").status_code == 200
    assert error_of(browser.get("/api/v1/staff/queue")) == NOBODY
    clock.go(seconds=30)
    answer = try_log_in(clock)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    token = {"Authorization": f"Bearer {json_of(answer, 201)['token']}"}
    assert Client().get("/desk/account/", headers=token).status_code == 302


def test_a_form_that_another_site_makes_a_browser_send_is_not_read(
    clock: Clock, people: dict[str, Member]
) -> None:
    body = json.dumps(log_in_of("sunhao", clock.now))
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = Client().post("/api/v1/staff/sessions", body, content_type=kind)
        assert not answer.cookies
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_member_has_ten_sessions_at_most_and_the_oldest_gives_way(
    clock: Clock, people: dict[str, Member]
) -> None:
    programs = [begun(clock)[0] for _ in range(11)]
    assert error_of(programs[0].get("staff/queue")) == NOBODY
    assert len(json_of(programs[1].get("staff/sessions"))["items"]) == 10


def test_a_members_calls_are_limited_over_all_their_sessions(
    clock: Clock, people: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheqi.web.api.door.STAFF_PER_MINUTE", 2)
    first, _ = begun(clock)
    second, _ = begun(clock)
    json_of(first.get("staff/queue"))
    json_of(second.get("staff/queue"))
    full = first.get("staff/queue")
    assert error_of(full) == (429, "TOO_MANY", ["api.too_many"])
    assert full.headers["Retry-After"] == "30"


def test_sessions_are_forgotten_a_month_after_they_ended(clock: Clock, people: dict[str, Member]) -> None:
    begun(clock)
    clock.go(days=30)
    tidy(now=clock.now)
    assert ApiSession.objects.count() == 1
    clock.go(hours=13)
    tidy(now=clock.now)
    assert ApiSession.objects.count() == 0


def test_the_account_page_lists_the_programs_and_ends_one(clock: Clock, people: dict[str, Member]) -> None:
    payer, answer = begun(clock)
    browser = Client()
    clock.go(seconds=30)
    browser.post("/desk/log-in/", {"login": "sunhao", "password": PASSWORD})
    browser.post("/desk/log-in/code/", {"code": code_of("sunhao", clock.now)})
    assert "机器人" in browser.get("/desk/account/").content.decode()
    assert browser.post(f"/desk/account/programs/{answer['id']}/").status_code == 302
    assert error_of(payer.get("staff/queue")) == NOBODY
    page = browser.get("/desk/account/").content.decode()
    assert "机器人" not in page
    assert "没有程序以您的身份登录接口" in page
    assert browser.post("/desk/account/programs/000000000000/").status_code == 404
    assert browser.get(f"/desk/account/programs/{answer['id']}/").status_code == 405
