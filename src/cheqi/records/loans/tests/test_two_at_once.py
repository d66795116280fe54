"""Two people or two workers at the same moment: one wins, the other is told. Needs real row locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.records.applications.models import CreditDecision
from cheqi.records.applications.operations import decide, keep_offer
from cheqi.records.ledger.models import Transfer
from cheqi.records.loans.models import Installment, LoanAccount
from cheqi.records.loans.operations import disburse
from cheqi.records.tests.scenarios import NOW, an_application, an_effective_agreement, done

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def row_locks() -> None:
    """SQLite lets one writer in at a time and its test database lives in one connection."""
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need the PostgreSQL lane")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of calls that start together, each on a connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(timeout=10)
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_key_disburses_once_however_many_workers_try() -> None:
    agreement = an_effective_agreement()
    tries = [lambda: disburse(agreement_id=agreement.pk, key="k", actor=SYSTEM, now=NOW)] * 4
    assert len({done(result).pk for result in at_once(*tries)}) == 1
    assert (LoanAccount.objects.count(), Installment.objects.count(), Transfer.objects.count()) == (1, 36, 1)


def test_two_keys_for_one_agreement_leave_one_loan_and_one_refusal() -> None:
    agreement = an_effective_agreement()
    results = at_once(
        lambda: disburse(agreement_id=agreement.pk, key="k1", actor=SYSTEM, now=NOW),
        lambda: disburse(agreement_id=agreement.pk, key="k2", actor=SYSTEM, now=NOW),
    )
    assert sorted(bool(result) for result in results) == [False, True]
    assert [result.findings[0].rule for result in results if not result] == ["loan.disbursed"]
    assert (LoanAccount.objects.count(), Transfer.objects.count()) == (1, 1)


def test_two_reviewers_at_once_leave_one_decision() -> None:
    row = an_application()
    done(keep_offer(application_id=row.pk, actor=SYSTEM, now=NOW))
    people = [
        Actor(ActorKind.STAFF, number, "审核员", frozenset({"reviewer"}), Scope(everything=True))
        for number in ("901", "902")
    ]
    results = at_once(
        lambda: decide(application_id=row.pk, step="review", opinion="APPROVE", actor=people[0], now=NOW),
        lambda: decide(
            application_id=row.pk, step="review", opinion="REFUSE", reasons=["X"], actor=people[1], now=NOW
        ),
    )
    assert sorted(bool(result) for result in results) == [False, True]
    assert [result.findings[0].rule for result in results if not result] == ["decision.taken"]
    assert CreditDecision.objects.count() == 1
