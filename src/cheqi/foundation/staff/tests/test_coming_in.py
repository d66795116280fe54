"""Log-in, second factor, step-up, sessions."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.staff import operations, requires
from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.staff.tests.scenarios import (
    ADDRESS,
    NOW,
    PASSWORD,
    a_member,
    acting,
    code_at,
    enrolled,
    events,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def log_in(
    login: str = "chen", password: str = PASSWORD, now: object = NOW, address: str = ADDRESS
) -> object:
    return operations.log_in(login=login, password=password, address=address, now=now)  # type: ignore[arg-type]


def refusal(answer: object) -> Refused:
    assert isinstance(answer, Refused)
    return answer


def test_login_and_password_bring_a_member_in() -> None:
    member = a_member("chen")

    assert log_in() == member

    assert Member.objects.get().last_login == NOW
    assert (events("access.staff_logged_in"), events("access.log_in_failed")) == (1, 0)


def test_unknown_login_wrong_password_and_suspended_member_get_the_same_answer() -> None:
    a_member("chen")
    suspended = a_member("gone")
    Member.objects.filter(pk=suspended.pk).update(is_active=False)

    answers = [log_in("nobody"), log_in(password="wrong password"), log_in("gone")]

    assert answers[0] == answers[1] == answers[2]
    assert refusal(answers[0]).kind is RefusalKind.NOT_ALLOWED
    assert events("access.log_in_failed") == 3
    assert Member.objects.get(login="chen").last_login is None


def test_an_unknown_login_costs_the_same_work_as_a_wrong_password() -> None:
    a_member("chen")
    log_in("warm up")
    work = []

    for login in ("chen", "nobody"):
        with (
            patch.object(Argon2PasswordHasher, "verify", autospec=True, return_value=False) as hashed,
            CaptureQueriesContext(connection) as statements,
        ):
            log_in(login, "wrong password")
        work.append((hashed.call_count, [each["sql"].split()[0] for each in statements.captured_queries]))

    assert work[0] == work[1]
    assert work[0][0] == 1


def test_what_was_typed_is_not_in_the_log() -> None:
    log_in("my secret password typed here", "x")

    assert "secret" not in str(EventRow.objects.get().payload)


def test_the_fifth_wrong_try_closes_the_door_even_for_the_right_password() -> None:
    a_member("chen")
    for _ in range(5):
        log_in(password="wrong")

    refused = refusal(log_in())

    assert refused.kind is RefusalKind.TOO_MANY
    assert dict(refused.findings[0].data) == {"retry_after_seconds": "30"}
    assert events("access.staff_logged_in") == 0
    assert isinstance(log_in(now=NOW + 30 * SECOND), Member)


def test_the_pause_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    now, waits = NOW, []
    for _ in range(12):
        answer = refusal(log_in("nobody", now=now, address=str(now)))
        if answer.kind is RefusalKind.TOO_MANY:
            waits.append(int(dict(answer.findings[0].data)["retry_after_seconds"]))
            now += waits[-1] * SECOND

    assert waits == [30, 60, 120, 240]
    for _ in range(6):
        answer = refusal(log_in("nobody", now=now, address=str(now)))
        if answer.kind is RefusalKind.TOO_MANY:
            waits.append(int(dict(answer.findings[0].data)["retry_after_seconds"]))
            now += waits[-1] * SECOND
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_a_lock_does_not_tell_whether_the_login_exists() -> None:
    a_member("chen")
    for login in ("chen", "nobody"):
        for n in range(5):
            log_in(login, "wrong", address=f"{login}{n}")

    assert log_in("chen", address="a") == log_in("nobody", address="b")


def test_an_address_that_tries_many_logins_is_locked() -> None:
    a_member("chen")
    for n in range(30):
        log_in(f"guess{n}", "wrong")

    assert refusal(log_in()).kind is RefusalKind.TOO_MANY
    assert isinstance(log_in(address="10.0.0.9"), Member)


def test_a_hundred_colleagues_behind_one_address_come_in() -> None:
    a_member("chen")
    with patch.object(Argon2PasswordHasher, "verify", autospec=True, return_value=True):
        answers = [log_in(now=NOW + n * SECOND) for n in range(100)]

    assert all(isinstance(answer, Member) for answer in answers)


def test_an_authenticator_counts_after_its_first_code() -> None:
    member = a_member("chen")
    enrolment = operations.begin_totp(member)
    assert isinstance(enrolment, operations.Enrolment)
    assert enrolment.uri.startswith("otpauth://totp/")
    assert enrolment.qr_svg.startswith("<svg")
    assert enrolment.secret not in repr(enrolment)
    assert "".join(enrolment.secret_parts) == enrolment.secret
    assert {len(part) for part in enrolment.secret_parts} == {4}

    assert isinstance(operations.confirm_totp(member, code="000000", now=NOW), Refused)
    assert Member.objects.get().totp_confirmed_at is None

    codes = operations.confirm_totp(member, code=code_at(member, NOW), now=NOW)
    assert isinstance(codes, tuple)
    assert len(set(codes)) == 10
    assert Member.objects.get().totp_confirmed_at == NOW
    assert isinstance(operations.begin_totp(member), Refused)


def test_a_code_passes_once() -> None:
    member = a_member("chen")
    enrolled(member)
    code = code_at(member, NOW)

    assert operations.pass_second_factor(member, code=code, now=NOW) == NOW
    again = operations.pass_second_factor(member, code=code, now=NOW + SECOND)

    assert refusal(again).findings[0].rule == "staff.second_factor"
    assert (events("access.second_factor_passed"), events("access.second_factor_failed")) == (2, 1)


def test_an_older_code_does_not_pass_after_a_newer_one() -> None:
    member = a_member("chen")
    enrolled(member)
    older, newer = code_at(member, NOW - 30 * SECOND), code_at(member, NOW)
    operations.pass_second_factor(member, code=newer, now=NOW)

    assert isinstance(operations.pass_second_factor(member, code=older, now=NOW), Refused)


@pytest.mark.parametrize(
    ("seconds", "passes"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_clocks_may_differ_by_one_step(seconds: int, passes: bool) -> None:
    member = a_member("chen")
    enrolled(member)

    answer = operations.pass_second_factor(member, code=code_at(member, NOW + seconds * SECOND), now=NOW)

    assert (answer == NOW) is passes


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    member = a_member("chen")
    first, second, *_ = enrolled(member)

    assert operations.pass_second_factor(member, code=first.lower().replace("-", " "), now=NOW) == NOW
    assert isinstance(operations.pass_second_factor(member, code=first, now=NOW), Refused)
    assert operations.pass_second_factor(member, code=second, now=NOW) == NOW
    assert isinstance(operations.pass_second_factor(a_member("lin"), code=second, now=NOW), Refused)


def test_guessing_the_second_factor_is_limited() -> None:
    member = a_member("chen")
    enrolled(member)
    for _ in range(5):
        operations.pass_second_factor(member, code="abcdef", now=NOW)

    refused = refusal(operations.pass_second_factor(member, code=code_at(member, NOW), now=NOW))

    assert refused.kind is RefusalKind.TOO_MANY
    assert Member.objects.get().totp_last_step < int(NOW.timestamp()) // 30


def test_a_step_up_is_fresh_for_ten_minutes() -> None:
    member = a_member("chen", "disbursement")
    enrolled(member)
    assert refusal(requires.step_up(acting(member), NOW)).kind is RefusalKind.NOT_ALLOWED

    at = operations.step_up(acting(member), code=code_at(member, NOW), now=NOW)

    assert at == NOW
    actor = actor_for(member, NOW, stepped_up_at=NOW)
    assert requires.step_up(actor, NOW + timedelta(minutes=10) - SECOND) is None
    assert isinstance(requires.step_up(actor, NOW + timedelta(minutes=10)), Refused)
    assert isinstance(requires.step_up(actor, NOW - SECOND), Refused)


def test_only_staff_step_up_and_the_system_needs_none() -> None:
    customer = Actor(ActorKind.CUSTOMER, "1", "张", stepped_up_at=NOW)

    assert isinstance(operations.step_up(customer, code="123456", now=NOW), Refused)
    assert isinstance(requires.step_up(customer, NOW), Refused)
    assert requires.step_up(SYSTEM, NOW) is None


def test_a_new_password_ends_every_session() -> None:
    member = a_member("chen")

    changed = operations.change_password(
        member, old=PASSWORD, new="another horse 8", address=ADDRESS, now=NOW
    )

    assert isinstance(changed, Member)
    assert changed.session_epoch == 1
    assert isinstance(log_in(), Refused)
    assert isinstance(log_in(password="another horse 8"), Member)
    assert events("access.password_changed") == 1


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("wrong", "another horse 8", "staff.password.old"),
        (PASSWORD, "short", "staff.password.weak"),
        (PASSWORD, "password123", "staff.password.weak"),
        (PASSWORD, PASSWORD, "staff.password.same"),
    ],
)
def test_a_refused_password_changes_nothing(old: str, new: str, rule: str) -> None:
    member = a_member("chen")

    refused = refusal(operations.change_password(member, old=old, new=new, address=ADDRESS, now=NOW))

    assert refused.findings[0].rule == rule
    assert Member.objects.get().session_epoch == 0
    assert isinstance(log_in(), Member)
    assert events("access.password_changed") == 0


def test_a_suspended_member_is_out_at_once_and_nobody_suspends_themselves() -> None:
    admin, member = a_member("boss", "admin"), a_member("chen")

    operations.suspend_member(member, actor=acting(admin), now=NOW)
    refused = operations.suspend_member(admin, actor=acting(admin), now=NOW)

    assert isinstance(log_in(), Refused)
    assert isinstance(refused, Refused)
    assert Member.objects.get(login="boss").is_active


def test_resetting_access_takes_the_second_factor_off_and_asks_for_a_new_password() -> None:
    admin, member = a_member("boss", "admin"), a_member("chen")
    codes = enrolled(member)

    operations.reset_access(member, password="temporary pass 1", actor=acting(admin), now=NOW)

    member.refresh_from_db()
    assert (member.totp_secret, member.totp_confirmed_at, member.must_change_password) == ("", None, True)
    assert isinstance(operations.pass_second_factor(member, code=codes[0], now=NOW), Refused)
