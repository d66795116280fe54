"""The disbursement: once, whole, or not at all."""

from datetime import date, timedelta

import pytest

from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.eventlog.models import EventRow
from cheqi.records.agreements.operations import prepare
from cheqi.records.ledger.models import Transfer
from cheqi.records.ledger.queries import transfers_of, trial_balance
from cheqi.records.loans import operations
from cheqi.records.loans.models import Installment, LoanAccount
from cheqi.records.loans.operations import disburse, settle_payout
from cheqi.records.loans.queries import loan, loan_of_agreement, loan_of_case, loans_of
from cheqi.records.tests.scenarios import (
    ENTITY,
    NOW,
    TODAY,
    a_branch,
    a_customer,
    a_disbursed_loan,
    a_manager,
    an_approved_application,
    an_effective_agreement,
    done,
    rules,
)

pytestmark = pytest.mark.django_db


def nothing_disbursed() -> bool:
    """No account, no installment, no transfer, no event."""
    events = EventRow.objects.filter(type="lending.loan_disbursed").count()
    return (LoanAccount.objects.count(), Installment.objects.count(), Transfer.objects.count(), events) == (
        0,
        0,
        0,
        0,
    )


def test_a_disbursement_makes_account_schedule_transfer_and_event() -> None:
    row = a_disbursed_loan()
    view = loan(row.pk, SYSTEM)
    assert view is not None
    assert [each.amount_fen for each in view.installments] == [304_219] * 35 + [304_236]
    assert view.total_interest_fen == 951_901
    assert view.installments[0].due_date == date(2026, 12, 23)
    assert view.installments[35].balance_after_fen == 0
    assert (row.principal_balance_fen, row.next_due_date, row.state) == (
        10_000_000,
        date(2026, 12, 23),
        "ACTIVE",
    )
    (transfer,) = transfers_of(f"loan:{row.pk}", SYSTEM)
    assert (transfer.debit.code, transfer.credit.code, transfer.amount_fen) == ("1303", "2241", 10_000_000)
    assert (transfer.value_date, transfer.booking_date) == (TODAY, TODAY)
    assert EventRow.objects.filter(type="lending.loan_disbursed").count() == 1


def test_the_same_key_again_gives_the_same_loan_once() -> None:
    agreement = an_effective_agreement()
    first = done(disburse(agreement_id=agreement.pk, key="k1", actor=SYSTEM, now=NOW))
    again = done(disburse(agreement_id=agreement.pk, key="k1", actor=SYSTEM, now=NOW + timedelta(hours=1)))
    assert again.pk == first.pk
    assert LoanAccount.objects.count() == 1
    assert Installment.objects.count() == 36
    assert Transfer.objects.count() == 1
    assert EventRow.objects.filter(type="lending.loan_disbursed").count() == 1


def test_another_key_for_the_same_agreement_is_refused() -> None:
    row = a_disbursed_loan()
    result = disburse(agreement_id=row.agreement_id, key="other", actor=SYSTEM, now=NOW)
    assert rules(result) == ["loan.disbursed"]
    assert (LoanAccount.objects.count(), Transfer.objects.count()) == (1, 1)


def test_a_key_of_another_agreement_is_refused() -> None:
    a_disbursed_loan(1)
    second = an_effective_agreement(2)
    assert rules(disburse(agreement_id=second.pk, key="key-1", actor=SYSTEM, now=NOW)) == ["loan.key"]
    assert LoanAccount.objects.count() == 1


def test_an_agreement_that_is_not_in_force_is_not_paid_out() -> None:
    application = an_approved_application()
    agreement = done(prepare(application_id=application.pk, number="HT1", actor=SYSTEM, now=NOW))
    assert rules(disburse(agreement_id=agreement.pk, key="k", actor=SYSTEM, now=NOW)) == ["loan.agreement"]
    assert nothing_disbursed()


def test_a_payout_is_not_dated_after_the_business_date() -> None:
    agreement = an_effective_agreement()
    tomorrow = TODAY + timedelta(days=1)
    result = disburse(agreement_id=agreement.pk, key="k", disbursement_date=tomorrow, actor=SYSTEM, now=NOW)
    assert rules(result) == ["loan.date"]
    assert nothing_disbursed()


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = an_effective_agreement()

    def fails(*_: object, **__: object) -> None:
        raise OSError("the machine stops here")

    monkeypatch.setattr(operations, "record", fails)
    with pytest.raises(OSError, match="stops here"):
        disburse(agreement_id=agreement.pk, key="k", actor=SYSTEM, now=NOW)
    assert nothing_disbursed()
    monkeypatch.undo()
    assert (
        done(disburse(agreement_id=agreement.pk, key="k", actor=SYSTEM, now=NOW)).principal_fen == 10_000_000
    )


def test_another_branch_cannot_pay_out_and_sees_no_loan() -> None:
    agreement = an_effective_agreement()
    stranger = a_manager(a_branch("SH01"), "77")
    assert rules(disburse(agreement_id=agreement.pk, key="k", actor=stranger, now=NOW)) == [
        "agreement.missing"
    ]
    assert nothing_disbursed()
    row = done(disburse(agreement_id=agreement.pk, key="k", actor=SYSTEM, now=NOW))
    assert loan(row.pk, stranger) is None
    assert loan(row.pk, a_manager(a_branch())) is not None


def test_the_borrower_sees_the_own_loan_by_any_of_its_names() -> None:
    row = a_disbursed_loan()
    customer = a_customer(row.borrower)
    by_agreement = loan_of_agreement(row.agreement_id, customer)
    assert by_agreement is not None
    assert by_agreement.loan.pk == row.pk
    assert [each.pk for each in loans_of(row.borrower_id, customer)] == [row.pk]
    assert loan_of_case(999, customer) is None
    nxt = by_agreement.next_after(date(2027, 1, 24))
    assert nxt is not None
    assert nxt.number == 3


def test_the_bank_payment_is_booked_once_and_the_books_balance() -> None:
    row = a_disbursed_loan()
    first = done(settle_payout(loan_id=row.pk, reference="B1", value_date=TODAY, actor=SYSTEM, now=NOW))
    again = done(settle_payout(loan_id=row.pk, reference="B1", value_date=TODAY, actor=SYSTEM, now=NOW))
    assert again.pk == first.pk
    lines = {line.code: line.balance_fen for line in trial_balance(ENTITY, TODAY, SYSTEM)}
    assert {code: balance for code, balance in lines.items() if balance} == {
        "1002": -10_000_000,
        "1303": 10_000_000,
    }
    assert sum(lines.values()) == 0


def test_a_loan_page_reads_a_fixed_number_of_statements(django_assert_num_queries: object) -> None:
    row = a_disbursed_loan()
    customer = a_customer(row.borrower)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert loan(row.pk, customer) is not None
