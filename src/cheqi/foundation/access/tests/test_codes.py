"""One-time codes: limits, tries, purposes, and nothing to learn from an answer."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.access import operations, queries
from cheqi.foundation.access.models import Confirmation, CustomerSession, OneTimeCode
from cheqi.foundation.access.operations import CodeRequested
from cheqi.foundation.access.operations.throttles import Quota, take
from cheqi.foundation.access.tests.scenarios import (
    ADDRESS,
    KNOWN,
    MINUTE,
    NOW,
    SECOND,
    UNKNOWN,
    Town,
    asked,
    digits,
    events,
    kind_of,
    log_in_code,
)
from cheqi.foundation.jobs.models import Wakeup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
CUSTOMER = Actor(ActorKind.CUSTOMER, "7", "张小三", scope=Scope(party_id=7))


def confirm(given: CodeRequested, code: str, now: object = NOW) -> CustomerSession | Refused:
    return operations.confirm_code(challenge=given.challenge, code=code, now=now, address=ADDRESS)  # type: ignore[arg-type]


def tracker(number: str = "AP2026000017", last4: str = "8866", now: object = NOW) -> CodeRequested | Refused:
    return operations.request_tracker_code(
        case_number=number,
        mobile_last4=last4,
        now=now,  # type: ignore[arg-type]
        address=ADDRESS,
    )


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_right_code_lets_the_customer_see_the_own_party() -> None:
    given, code = log_in_code()

    session = confirm(given, code)

    assert isinstance(session, CustomerSession)
    actor = queries.actor_for_session(session.pk, NOW)
    assert actor == CUSTOMER
    assert events("access.customer_came_in") == 1


def test_somebody_new_is_entered_when_the_code_was_right_and_not_before(town: Town) -> None:
    given, code = log_in_code(UNKNOWN)
    confirm(given, wrong(code))
    assert UNKNOWN not in town.parties

    session = confirm(given, code)

    assert isinstance(session, CustomerSession)
    assert town.parties[UNKNOWN].party_id == session.party_id


def test_asking_does_not_tell_whether_a_number_is_known() -> None:
    log_in_code("+8613700137000")
    answers, work = [], []
    for mobile in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as statements:
            answers.append(operations.request_code(mobile=mobile, purpose="LOGIN", now=NOW, address=mobile))
        work.append([each["sql"].split()[0] for each in statements.captured_queries])

    assert [type(answer) for answer in answers] == [CodeRequested, CodeRequested]
    assert work[0] == work[1]


def test_asking_for_a_tracker_does_not_tell_whether_the_case_exists(town: Town) -> None:
    log_in_code("+8613700137000")
    town.cases["AP2026000018", "1111"] = town.cases["AP2026000017", "8866"]
    work = []
    for number, last4 in (("AP2026000017", "8866"), ("AP2026000018", "0000"), ("AP9999999999", "8866")):
        with CaptureQueriesContext(connection) as statements:
            answer = operations.request_tracker_code(
                case_number=number, mobile_last4=last4, now=NOW, address=number
            )
        assert isinstance(answer, CodeRequested)
        assert answer.expires_at == NOW + 5 * MINUTE
        work.append([each["sql"].split()[0] for each in statements.captured_queries])

    assert work[0] == work[1] == work[2]
    rows = OneTimeCode.objects.filter(purpose="TRACKER").order_by("pk")
    assert [row.is_decoy for row in rows] == [False, True, True]
    assert [(len(row.code), len(row.mobile)) for row in rows] == [(6, 14)] * 3
    assert Wakeup.objects.count() == 4


def test_a_decoy_sends_nothing_and_no_code_opens_it(town: Town) -> None:
    given = asked(tracker(last4="0000"))
    code = digits(given)
    row = OneTimeCode.objects.get()

    assert operations.hand_over(row.pk, now=NOW)

    assert town.sent == []
    assert kind_of(confirm(given, code)) is RefusalKind.NOT_ALLOWED
    assert CustomerSession.objects.count() == 0


def test_every_wrong_way_to_confirm_has_one_answer_and_the_same_work() -> None:
    real, code = log_in_code()
    decoy = asked(tracker(last4="0000"))
    late, late_code = log_in_code(UNKNOWN)
    unknown = CodeRequested(uuid4(), NOW)

    answers = [
        confirm(real, wrong(code)),
        confirm(decoy, digits(decoy)),
        confirm(unknown, code),
        confirm(late, late_code, NOW + 5 * MINUTE),
    ]
    work = []
    for given in (real, decoy):
        with CaptureQueriesContext(connection) as statements:
            confirm(given, wrong(digits(given)))
        work.append([each["sql"].split()[0] for each in statements.captured_queries])

    assert len(set(map(repr, answers))) == 1
    assert work[0] == work[1]


def test_a_code_works_once() -> None:
    given, code = log_in_code()
    confirm(given, code)

    assert kind_of(confirm(given, code)) is RefusalKind.NOT_ALLOWED
    assert CustomerSession.objects.count() == 1


@pytest.mark.parametrize(("seconds", "works"), [(299, True), (300, False)])
def test_a_code_lives_five_minutes(seconds: int, works: bool) -> None:
    given, code = log_in_code()

    answer = confirm(given, code, NOW + seconds * SECOND)

    assert isinstance(answer, CustomerSession) is works


def test_the_sixth_try_fails_even_with_the_right_code() -> None:
    given, code = log_in_code()
    for _ in range(5):
        confirm(given, wrong(code))

    assert kind_of(confirm(given, code)) is RefusalKind.NOT_ALLOWED
    assert events("access.codes_exhausted") == 1


def test_the_fifth_try_may_be_right() -> None:
    given, code = log_in_code()
    for _ in range(4):
        confirm(given, wrong(code))

    assert isinstance(confirm(given, code), CustomerSession)


def test_codes_of_one_purpose_open_no_other() -> None:
    act = asked(
        operations.request_code(
            mobile=KNOWN, purpose="SIGN", subject="agreement:12", party_id=7, now=NOW, address=ADDRESS
        )
    )
    assert kind_of(confirm(act, digits(act))) is RefusalKind.NOT_ALLOWED

    given, code = log_in_code(UNKNOWN)
    answer = operations.confirm_act(
        challenge=given.challenge, code=code, subject="agreement:12", actor=CUSTOMER, now=NOW, address=ADDRESS
    )
    assert kind_of(answer) is RefusalKind.NOT_ALLOWED
    assert (Confirmation.objects.count(), CustomerSession.objects.count()) == (0, 0)


def an_act(subject: str = "agreement:12") -> CodeRequested:
    return asked(
        operations.request_code(
            mobile=KNOWN, purpose="SIGN", subject=subject, party_id=7, now=NOW, address=ADDRESS
        )
    )


def test_an_act_is_confirmed_for_what_was_shown() -> None:
    given = an_act()

    done = operations.confirm_act(
        challenge=given.challenge,
        code=digits(given),
        subject="agreement:12",
        actor=CUSTOMER,
        now=NOW,
        address=ADDRESS,
    )

    assert isinstance(done, Confirmation)
    assert (done.subject, done.party_id, done.confirmed_at, done.address) == ("agreement:12", 7, NOW, ADDRESS)
    assert events("access.code_confirmed") == 1


@pytest.mark.parametrize(
    ("subject", "actor"),
    [("agreement:13", CUSTOMER), ("agreement:12", Actor(ActorKind.CUSTOMER, "8", "别人"))],
)
def test_a_code_for_something_or_somebody_else_confirms_nothing(subject: str, actor: Actor) -> None:
    given = an_act()

    answer = operations.confirm_act(
        challenge=given.challenge, code=digits(given), subject=subject, actor=actor, now=NOW, address=ADDRESS
    )

    assert kind_of(answer) is RefusalKind.NOT_ALLOWED
    assert (Confirmation.objects.count(), events("access.code_confirmed")) == (0, 0)


def test_an_act_needs_a_subject_and_a_party() -> None:
    for purpose, subject in (("SIGN", ""), ("LOGIN", "agreement:12"), ("TRACKER", "")):
        with pytest.raises(ValueError, match=purpose):
            operations.request_code(mobile=KNOWN, purpose=purpose, subject=subject, now=NOW, address=ADDRESS)


def test_a_number_gets_one_code_a_minute_and_ten_a_day() -> None:
    def ask(n: int) -> object:
        return operations.request_code(mobile=KNOWN, purpose="LOGIN", now=NOW + n * MINUTE, address=str(n))

    assert isinstance(ask(0), CodeRequested)
    soon = operations.request_code(mobile=KNOWN, purpose="LOGIN", now=NOW + 59 * SECOND, address="x")
    assert kind_of(soon) is RefusalKind.TOO_MANY
    assert [type(ask(n)).__name__ for n in range(1, 11)] == ["CodeRequested"] * 9 + ["Refused"]
    assert OneTimeCode.objects.count() == 10


def test_who_just_logged_in_need_not_wait_to_confirm_something() -> None:
    def act(purpose: str, later: int) -> CodeRequested | Refused:
        return operations.request_code(
            mobile=KNOWN,
            purpose=purpose,
            subject="case:17",
            party_id=7,
            now=NOW + later * SECOND,
            address=ADDRESS,
        )

    log_in_code()
    assert isinstance(act("CONSENT", 5), CodeRequested)
    assert isinstance(act("SIGN", 10), CodeRequested)
    assert kind_of(act("CONSENT", 64)) is RefusalKind.TOO_MANY
    assert isinstance(act("CONSENT", 65), CodeRequested)


@pytest.mark.parametrize(
    ("period", "zh"), [(1, "1 秒"), (119, "119 秒"), (120, "2 分钟"), (121, "3 分钟"), (7200, "2 小时")]
)
def test_how_long_to_wait_is_said_in_a_unit_that_reads_well(period: int, zh: str) -> None:
    quota = [(Quota("test", 1, period * SECOND), "somebody")]
    assert take(quota, NOW) is None
    refused = take(quota, NOW)
    assert refused is not None
    assert f"请在 {zh}后再试" in refused.findings[0].message.zh
    assert dict(refused.findings[0].data)["retry_after_seconds"] == str(period)


def test_an_address_asks_thirty_times_an_hour_for_whatever_numbers() -> None:
    answers = [
        operations.request_code(mobile=f"139001{n:05d}", purpose="LOGIN", now=NOW, address=ADDRESS)
        for n in range(31)
    ]

    assert [isinstance(answer, CodeRequested) for answer in answers] == [True] * 30 + [False]
    assert kind_of(answers[-1]) is RefusalKind.TOO_MANY
    later = operations.request_code(
        mobile="13900200000", purpose="LOGIN", now=NOW + 60 * MINUTE, address=ADDRESS
    )
    assert isinstance(later, CodeRequested)


def test_a_refused_request_takes_from_no_other_limit() -> None:
    log_in_code()
    for _ in range(40):
        operations.request_code(mobile=KNOWN, purpose="LOGIN", now=NOW, address=ADDRESS)

    assert isinstance(
        operations.request_code(mobile=UNKNOWN, purpose="LOGIN", now=NOW, address=ADDRESS), CodeRequested
    )


def test_guessing_from_one_address_is_limited_over_all_codes() -> None:
    given, code = log_in_code()
    for _ in range(60):
        confirm(CodeRequested(uuid4(), NOW), "000000")

    assert kind_of(confirm(given, code)) is RefusalKind.TOO_MANY


@pytest.mark.parametrize("mobile", ["", "12345", "12800138000", "abc", "+86138001388"])
def test_what_is_no_number_is_said_so_and_nothing_is_written(mobile: str) -> None:
    answer = operations.request_code(mobile=mobile, purpose="LOGIN", now=NOW, address=ADDRESS)

    assert kind_of(answer) is RefusalKind.INVALID
    assert OneTimeCode.objects.count() == 0


def test_a_code_is_handed_over_once_and_then_known_by_its_digest_only(town: Town) -> None:
    given, code = log_in_code()
    row = OneTimeCode.objects.get()

    operations.hand_over(row.pk, now=NOW)
    operations.hand_over(row.pk, now=NOW)

    (message,) = town.sent
    assert (message.mobile, message.code, message.key) == (KNOWN, code, f"code-{given.challenge}")
    assert code not in repr(message)
    row.refresh_from_db()
    assert (row.code, row.handed_over_at) == ("", NOW)
    assert code not in row.digest
    assert isinstance(confirm(given, code), CustomerSession)


def test_a_code_that_died_waiting_is_not_sent(town: Town) -> None:
    log_in_code()

    operations.hand_over(OneTimeCode.objects.get().pk, now=NOW + 5 * MINUTE)

    assert town.sent == []


def test_a_tracker_sees_its_case_and_nothing_else_of_the_party() -> None:
    given = asked(tracker(number=" ap2026000017 "))

    session = confirm(given, digits(given))

    assert isinstance(session, CustomerSession)
    actor = queries.actor_for_session(session.pk, NOW)
    assert actor is not None
    assert actor.scope == Scope(case_ids=frozenset({17}))
    assert queries.actor_for_session(session.pk, NOW + 120 * MINUTE) is None


def test_a_tracker_can_be_revoked_and_a_customer_logs_out() -> None:
    given = asked(tracker())
    tracked = confirm(given, digits(given))
    logged_in = confirm(*log_in_code())
    assert isinstance(tracked, CustomerSession)
    assert isinstance(logged_in, CustomerSession)

    count = operations.revoke_sessions(case_id=17, actor=CUSTOMER, now=NOW)

    assert count == 1
    assert queries.actor_for_session(tracked.pk, NOW) is None
    assert queries.actor_for_session(logged_in.pk, NOW) is not None
    operations.end_session(logged_in.pk, now=NOW)
    assert queries.actor_for_session(logged_in.pk, NOW) is None
    assert events("access.sessions_revoked") == 1


def test_dead_codes_are_forgotten_and_confirmations_stay() -> None:
    given = an_act()
    operations.confirm_act(
        challenge=given.challenge,
        code=digits(given),
        subject="agreement:12",
        actor=CUSTOMER,
        now=NOW,
        address=ADDRESS,
    )

    assert operations.forget_old_codes(NOW + 60 * 25 * MINUTE) == 1
    assert Confirmation.objects.count() == 1
