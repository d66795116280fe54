"""One step after the other, whatever the other side does."""

from datetime import datetime, timedelta

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Attempt, Circuit, Exchange
from cheqi.foundation.exchanges.operations import ask, discard, drive, redrive, wake_forgotten
from cheqi.foundation.exchanges.queries import dead_letters, systems
from cheqi.foundation.exchanges.registry import Answer, on_answer
from cheqi.foundation.exchanges.tests.fakes import NOW, FakeBank, a_pay_out, settled
from cheqi.foundation.jobs.models import Wakeup
from cheqi.ports.payments import (
    PayeeCheck,
    PaymentDeclined,
    PaymentOutcomeUnknown,
    PaymentState,
    UnableToReachBank,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LOST = PaymentOutcomeUnknown("no answer", trace="POST ReadTimeoutError")
DOWN = UnableToReachBank("no connection")


def asked(key: str = "pay-1") -> Exchange:
    return ask("payments", "pay_out", key=key, payload=a_pay_out(key), now=NOW, case_id=7)


def outcomes(row: Exchange) -> list[tuple[str, str]]:
    return [
        (str(kind), str(outcome))
        for kind, outcome in row.calls.order_by("number").values_list("kind", "outcome")
    ]


def answers() -> list[Answer]:
    taken: list[Answer] = []

    @on_answer("payments.pay_out")
    def take(answer: Answer, *, now: datetime) -> None:
        taken.append(answer)

    return taken


def test_a_final_answer_is_kept_told_and_logged(bank: FakeBank) -> None:
    taken, row = answers(), asked()
    bank.script = [settled()]
    assert drive(row.pk, now=NOW) is None
    row.refresh_from_db()
    assert (row.state, row.attempts, row.next_try_at, row.finished_at) == ("DONE", 1, None, NOW)
    assert bank.calls == ["pay pay-1 5000000"]
    assert [(a.key, a.case_id, a.request, a.result, a.declined) for a in taken] == [
        ("pay-1", 7, a_pay_out(), settled(), None)
    ]
    event = EventRow.objects.get()
    assert (event.type, event.case_id, event.payload["outcome"]) == ("outside.answered", 7, "DONE")


def test_a_finished_exchange_is_left_alone(bank: FakeBank) -> None:
    taken, row = answers(), asked()
    bank.script = [settled()]
    drive(row.pk, now=NOW)
    assert drive(row.pk, now=NOW + SECOND) is None
    assert (len(bank.calls), len(taken)) == (1, 1)


def test_what_could_not_be_reached_is_sent_again_later(bank: FakeBank) -> None:
    row = asked()
    bank.script = [DOWN, UnableToReachBank("busy", code="BUSY", retry_after_s=90), settled()]
    assert drive(row.pk, now=NOW) == NOW + 5 * SECOND
    row.refresh_from_db()
    assert (row.state, row.failures, row.reason) == ("WAITING", 1, "no connection")
    assert drive(row.pk, now=NOW + 4 * SECOND) == NOW + 5 * SECOND
    assert drive(row.pk, now=NOW + 5 * SECOND) == NOW + 95 * SECOND
    assert drive(row.pk, now=NOW + 95 * SECOND) is None
    assert outcomes(row) == [("SEND", "UNREACHABLE"), ("SEND", "UNREACHABLE"), ("SEND", "ANSWERED")]


def test_an_unknown_outcome_is_asked_for_and_never_sent_again_when_it_was_carried_out(bank: FakeBank) -> None:
    taken, row = answers(), asked()
    bank.script = [LOST, settled()]
    again = drive(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, again) == ("UNKNOWN", NOW + 5 * SECOND)
    assert drive(row.pk, now=NOW + 5 * SECOND) is None
    assert bank.calls == ["pay pay-1 5000000", "ask pay-1"]
    assert outcomes(row) == [("SEND", "UNKNOWN"), ("ASK", "ANSWERED")]
    assert len(taken) == 1


def test_an_unknown_outcome_that_never_arrived_is_sent_again_under_the_same_key(bank: FakeBank) -> None:
    row = asked()
    bank.script = [LOST, None, settled()]
    drive(row.pk, now=NOW)
    later = NOW + 5 * SECOND
    assert drive(row.pk, now=later) == later
    assert drive(row.pk, now=later) is None
    assert bank.calls == ["pay pay-1 5000000", "ask pay-1", "pay pay-1 5000000"]


def test_when_asking_fails_too_the_outcome_stays_unknown(bank: FakeBank) -> None:
    row = asked()
    bank.script = [LOST, DOWN, settled()]
    drive(row.pk, now=NOW)
    again = drive(row.pk, now=NOW + 5 * SECOND)
    row.refresh_from_db()
    assert (row.state, again) == ("UNKNOWN", NOW + 15 * SECOND)
    drive(row.pk, now=NOW + 15 * SECOND)
    assert bank.calls == ["pay pay-1 5000000", "ask pay-1", "ask pay-1"]


def test_an_acceptance_is_polled_until_the_result_is_there(bank: FakeBank) -> None:
    taken, row = answers(), asked()
    bank.script = [settled(state=PaymentState.ACCEPTED), settled(state=PaymentState.ACCEPTED), settled()]
    assert drive(row.pk, now=NOW) == NOW + 30 * SECOND
    row.refresh_from_db()
    assert (row.state, taken) == ("SENT", [])
    assert drive(row.pk, now=NOW + 30 * SECOND) == NOW + 90 * SECOND
    assert drive(row.pk, now=NOW + 90 * SECOND) is None
    assert bank.calls == ["pay pay-1 5000000", "ask pay-1", "ask pay-1"]
    assert len(taken) == 1


def test_a_refusal_is_final_and_told_with_its_reason(bank: FakeBank) -> None:
    taken, row = answers(), asked()
    bank.script = [PaymentDeclined("收款账户不存在", code="ACCOUNT_INVALID")]
    assert drive(row.pk, now=NOW) is None
    row.refresh_from_db()
    assert (row.state, row.code, row.reason) == ("FAILED", "ACCOUNT_INVALID", "收款账户不存在")
    assert taken[0].result is None
    assert taken[0].declined is not None
    assert taken[0].declined.code == "ACCOUNT_INVALID"


def test_an_operation_that_cannot_be_asked_for_is_repeated_under_its_key(bank: FakeBank) -> None:
    row = ask(
        "payments", "verify_payee", key="check-1", payload=PayeeCheck("check-1", "6222", "车行"), now=NOW
    )
    bank.script = [LOST, "fine"]
    drive(row.pk, now=NOW)
    drive(row.pk, now=NOW + 5 * SECOND)
    row.refresh_from_db()
    assert (row.state, bank.calls) == ("DONE", ["verify check-1", "verify check-1"])


def test_a_call_in_flight_is_not_made_twice(bank: FakeBank) -> None:
    row = asked()
    met: list[datetime | None] = []
    bank.script = [settled()]
    bank.during = lambda: met.append(drive(row.pk, now=NOW + SECOND))
    drive(row.pk, now=NOW)
    assert met == [NOW + 60 * SECOND]
    assert bank.calls == ["pay pay-1 5000000"]


def test_a_handler_that_fails_leaves_no_half_and_is_tried_again(bank: FakeBank) -> None:
    row = asked()
    broken = [True]

    @on_answer("payments.pay_out")
    def take(answer: Answer, *, now: datetime) -> None:
        Circuit.objects.create(pk="written by the handler", changed_at=now)
        if broken:
            raise RuntimeError("no such loan")

    bank.script = [settled(), settled()]
    again = drive(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.reason, row.failures, again) == ("UNKNOWN", "RuntimeError", 1, NOW + 5 * SECOND)
    assert not Circuit.objects.filter(pk="written by the handler").exists()
    assert not EventRow.objects.exists()
    broken.clear()
    assert drive(row.pk, now=NOW + 5 * SECOND) is None
    assert bank.calls == ["pay pay-1 5000000", "ask pay-1"]
    assert Circuit.objects.filter(pk="written by the handler").count() == 1
    assert outcomes(row) == [("SEND", "NOT_TAKEN"), ("ASK", "ANSWERED")]


def test_a_defect_in_an_adapter_counts_as_unknown(bank: FakeBank) -> None:
    row = asked()
    bank.script = [RuntimeError("bug"), settled()]
    drive(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.code, row.reason) == ("UNKNOWN", "ADAPTER", "RuntimeError")


def exhausted(bank: FakeBank, failure: Exception) -> Exchange:
    """An exchange that gave up after its twelve failures; the circuit is kept out of the way."""
    row = asked()
    at: datetime | None = NOW
    for _ in range(12):
        assert at is not None
        bank.script = [failure]
        Circuit.objects.all().delete()
        at = drive(row.pk, now=at)
    assert at is None
    Circuit.objects.all().delete()
    row.refresh_from_db()
    return row


def test_after_twelve_failures_it_is_a_dead_letter_that_people_see(bank: FakeBank) -> None:
    row = exhausted(bank, LOST)
    assert (row.state, row.died_in, row.next_try_at) == ("DEAD", "UNKNOWN", None)
    (letter,) = dead_letters(SYSTEM)
    assert (letter.id, letter.port, letter.key, letter.attempts, letter.is_outcome_known) == (
        row.pk,
        "payments",
        "pay-1",
        12,
        False,
    )
    manager = Actor(
        ActorKind.STAFF, "3", "王芳", frozenset({"client_manager"}), Scope(branch_ids=frozenset({1}))
    )
    assert dead_letters(manager) == ()


def test_a_dead_letter_with_an_unknown_outcome_asks_first_when_re_driven(bank: FakeBank) -> None:
    row = exhausted(bank, LOST)
    later = NOW + timedelta(days=1)
    Wakeup.objects.all().delete()
    assert redrive([row.pk], actor=SYSTEM, now=later) == 1
    assert Wakeup.objects.get().key == str(row.pk)
    bank.calls, bank.script = [], [settled()]
    assert drive(row.pk, now=later) is None
    assert bank.calls == ["ask pay-1"]
    assert dead_letters(SYSTEM) == ()
    assert redrive([row.pk], actor=SYSTEM, now=later) == 0


def test_a_dead_letter_that_never_left_is_sent_when_re_driven(bank: FakeBank) -> None:
    row = exhausted(bank, DOWN)
    assert dead_letters(SYSTEM)[0].is_outcome_known
    redrive([row.pk], actor=SYSTEM, now=NOW + timedelta(days=1))
    row.refresh_from_db()
    assert (row.state, row.failures, row.died_in) == ("WAITING", 0, "")


def test_re_driving_needs_a_role_and_changes_nothing_without(bank: FakeBank) -> None:
    row = exhausted(bank, DOWN)
    reviewer = Actor(ActorKind.STAFF, "3", "王芳", frozenset({"reviewer"}))
    refused = redrive([row.pk], actor=reviewer, now=NOW)
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_ALLOWED
    row.refresh_from_db()
    assert row.state == "DEAD"


def test_a_request_that_never_left_is_given_up_for_a_reason_that_is_on_record(bank: FakeBank) -> None:
    row = exhausted(bank, DOWN)
    assert isinstance(discard([row.pk], actor=SYSTEM, now=NOW, reason=" "), Refused)
    assert discard([row.pk], actor=SYSTEM, now=NOW, reason="经销商已换") == 1
    row.refresh_from_db()
    assert (row.state, row.reason, row.next_try_at) == ("DISCARDED", "经销商已换", None)
    assert dead_letters(SYSTEM) == ()
    assert redrive([row.pk], actor=SYSTEM, now=NOW) == 0
    (logged,) = EventRow.objects.filter(type="outside.discarded")
    assert (logged.case_id, logged.payload["reason"]) == (7, "经销商已换")


def test_what_may_have_been_carried_out_is_not_given_up(bank: FakeBank) -> None:
    row, other = exhausted(bank, LOST), asked("pay-2")
    Exchange.objects.filter(pk=other.pk).update(state="DEAD", died_in="WAITING", next_try_at=None)
    refused = discard([row.pk, other.pk], actor=SYSTEM, now=NOW, reason="不要了")
    assert isinstance(refused, Refused)
    assert refused.findings[0].rule == "exchanges.discard.unknown"
    assert set(Exchange.objects.values_list("state", flat=True)) == {"DEAD"}
    assert not EventRow.objects.filter(type="outside.discarded").exists()


def test_after_five_failures_nobody_calls_and_then_one_tries(bank: FakeBank) -> None:
    rows = [asked(f"pay-{n}") for n in range(6)]
    bank.script = [DOWN] * 5
    for row in rows[:5]:
        drive(row.pk, now=NOW)
    open_until = NOW + 30 * SECOND
    assert drive(rows[5].pk, now=NOW) == open_until
    assert len(bank.calls) == 5
    rows[5].refresh_from_db()
    assert (rows[5].state, rows[5].attempts) == ("WAITING", 0)
    assert [(s.port, s.state, s.failures, s.retry_at) for s in systems(SYSTEM)] == [
        ("payments", "OPEN", 5, open_until)
    ]
    bank.script = [DOWN]
    drive(rows[5].pk, now=open_until)
    assert Circuit.objects.get().retry_at == open_until + 60 * SECOND
    second = open_until + 60 * SECOND
    met: list[datetime | None] = []
    bank.script = [settled("pay-5")]
    bank.during = lambda: met.append(drive(rows[0].pk, now=second))
    drive(rows[5].pk, now=second)
    assert met == [second + 120 * SECOND]
    assert Circuit.objects.get().state == "CLOSED"
    bank.during, bank.script = None, [settled("pay-0")]
    assert drive(rows[0].pk, now=second) is None


def test_a_refusal_does_not_count_against_the_system(bank: FakeBank) -> None:
    rows = [asked(f"pay-{n}") for n in range(6)]
    bank.script = [DOWN, DOWN, DOWN, DOWN, PaymentDeclined("no"), DOWN]
    for row in rows:
        drive(row.pk, now=NOW)
    assert (Circuit.objects.get().state, Circuit.objects.get().failures) == ("CLOSED", 1)


def test_what_lost_its_wake_up_is_found_again() -> None:
    row = asked()
    Wakeup.objects.all().delete()
    assert wake_forgotten(now=NOW + timedelta(minutes=2)) == 0
    assert wake_forgotten(now=NOW + timedelta(minutes=2, seconds=1)) == 1
    assert Wakeup.objects.get().key == str(row.pk)


def test_no_trace_of_a_call_holds_the_account(bank: FakeBank) -> None:
    row = asked()
    bank.script = [LOST, settled()]
    drive(row.pk, now=NOW)
    drive(row.pk, now=NOW + 5 * SECOND)
    for attempt in Attempt.objects.values():
        assert "6222020000000018" not in str(attempt)
