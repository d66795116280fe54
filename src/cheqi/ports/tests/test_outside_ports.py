"""What the DTOs of outside systems hold by themselves."""

from datetime import UTC, date, datetime

import pytest

from cheqi.ports.credit_bureau import (
    AccountStatus,
    CreditAccount,
    CreditBureauOutcomeUnknown,
    CreditReport,
    OverdueRecord,
    Subject,
)
from cheqi.ports.failures import OutcomeUnknown, UnableToReach
from cheqi.ports.payments import PaymentState, PaymentStatus, PayOut
from cheqi.ports.sms import SmsMessage
from cheqi.ports.vehicle_registry import Failure, FilingState, FilingStatus


def a_report() -> CreditReport:
    opened = date(2024, 5, 1)
    return CreditReport(
        report_number="CR1",
        produced_at=datetime(2026, 11, 23, tzinfo=UTC),
        is_subject_known=True,
        score=612,
        accounts=(
            CreditAccount(
                "1", "车贷", "甲", opened, 1_000_000, 400_000, 35_000, AccountStatus.OVERDUE, "N12"
            ),
            CreditAccount("2", "信用卡", "乙", opened, 500_000, 20_000, 2_000, AccountStatus.NORMAL, "NNN"),
            CreditAccount("3", "房贷", "丙", opened, 900_000, 0, 50_000, AccountStatus.SETTLED, "NNC"),
        ),
        overdue=(OverdueRecord("1", "2026-09", 1, 35_000), OverdueRecord("1", "2026-10", 2, 70_000)),
        enquiries=(),
    )


def test_a_report_adds_up_what_is_paid_each_month_on_live_accounts() -> None:
    assert a_report().monthly_payments_fen == 37_000
    assert a_report().worst_months_overdue == 2


def test_a_returned_filing_without_a_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="says why"):
        FilingStatus("k", "R1", FilingState.UNDER_REVIEW, failure=Failure.AT_REGISTRY, return_reason=" ")


@pytest.mark.parametrize(
    ("state", "failure", "endorsed", "settled"),
    [
        (FilingState.UNDER_REVIEW, Failure.NONE, False, False),
        (FilingState.ENDORSED, Failure.NONE, True, True),
        (FilingState.SHIPPED, Failure.NONE, True, True),
        (FilingState.UNDER_REVIEW, Failure.AT_REGISTRY, False, True),
        (FilingState.ENDORSED, Failure.AT_POST, False, True),
    ],
)
def test_a_filing_is_settled_when_endorsed_or_returned(
    state: FilingState, failure: Failure, endorsed: bool, settled: bool
) -> None:
    status = FilingStatus("k", "R1", state, failure=failure, return_reason="资料不符" if failure else "")
    assert (status.is_endorsed, status.is_settled) == (endorsed, settled)


def test_a_pay_out_of_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="above zero, not 0 fen"):
        PayOut("k", 0, "6222", "车行")


def test_a_returned_payment_is_final_and_not_settled() -> None:
    status = PaymentStatus("k", PaymentState.RETURNED, "B1", 100, reason="账户已销户")
    assert (status.is_final, status.is_settled) == (True, False)


def test_personal_values_stay_out_of_what_gets_printed() -> None:
    printed = repr(SmsMessage("k", "13900000000", "验证码 123456")) + repr(
        Subject("李雷", "11010119900101001X")
    )
    for secret in ("13900000000", "123456", "李雷", "11010119900101001X"):
        assert secret not in printed


def test_a_failure_says_which_kind_it_is_and_carries_their_code() -> None:
    failure = CreditBureauOutcomeUnknown("no answer", code="T1")
    assert isinstance(failure, OutcomeUnknown)
    assert not isinstance(failure, UnableToReach)
    assert (str(failure), failure.reason, failure.code) == ("T1: no answer", "no answer", "T1")
