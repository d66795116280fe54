"""The client against the simulated bureau in a process of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cheqi.adapters.credit_bureau.client import HttpCreditBureau
from cheqi.adapters.wire.tests.running import Running
from cheqi.ports.credit_bureau import (
    AccountStatus,
    Authorisation,
    CreditBureauDeclined,
    CreditBureauOutcomeUnknown,
    CreditEnquiry,
    EnquiryPurpose,
    Subject,
    UnableToReachCreditBureau,
)

GOOD, THIN, UNKNOWN, LATE = (f"11010119900307{digits}" for digits in ("1014", "1714", "1814", "1914"))
AUTHORISATION = Authorisation("AUTH-1", datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "2026-01")


def an_enquiry(id_number: str = GOOD, key: str = "enquiry-1") -> CreditEnquiry:
    subject = Subject("李雷", id_number)
    return CreditEnquiry(key, subject, EnquiryPurpose.LOAN_APPROVAL, AUTHORISATION, "reviewer-7")


@pytest.fixture
def client(bureau: Running) -> Iterator[HttpCreditBureau]:
    made = HttpCreditBureau(bureau.account())
    yield made
    made.close()


def test_a_good_file_has_a_score_and_no_arrears(client: HttpCreditBureau) -> None:
    report = client.enquire(an_enquiry())
    assert report.is_subject_known
    assert report.score is not None
    assert 640 <= report.score < 760
    assert [account.kind for account in report.accounts] == ["信用卡", "住房贷款"]
    assert (report.overdue, report.worst_months_overdue) == ((), 0)
    assert report.report_number.encode() in report.raw


def test_a_thin_file_has_no_score(client: HttpCreditBureau) -> None:
    report = client.enquire(an_enquiry(THIN))
    assert (report.is_subject_known, report.score, len(report.accounts)) == (True, None, 1)


def test_a_person_who_is_not_on_file_is_reported_as_such(client: HttpCreditBureau) -> None:
    report = client.enquire(an_enquiry(UNKNOWN))
    assert (report.is_subject_known, report.score, report.accounts) == (False, None, ())


def test_arrears_come_with_their_months_and_amounts(client: HttpCreditBureau) -> None:
    report = client.enquire(an_enquiry(LATE))
    late = report.accounts[-1]
    assert (late.status, late.history[-3:]) == (AccountStatus.OVERDUE, "123")
    assert [record.months_overdue for record in report.overdue] == [1, 1, 2, 3]
    assert report.overdue[-1].overdue_fen == 3 * late.monthly_payment_fen
    assert len(report.enquiries) == 3


def test_the_same_key_gives_the_same_report_and_counts_once(
    client: HttpCreditBureau, bureau: Running
) -> None:
    first, second = client.enquire(an_enquiry()), client.enquire(an_enquiry())
    assert first == second == client.ask("enquiry-1")
    assert bureau.effects == {"enquiry-1": 1}


def test_a_key_cannot_be_used_for_another_person(client: HttpCreditBureau, bureau: Running) -> None:
    client.enquire(an_enquiry())
    with pytest.raises(CreditBureauDeclined, match="KEY_REUSED"):
        client.enquire(an_enquiry(LATE))
    assert bureau.effects == {"enquiry-1": 1}


def test_an_enquiry_without_authorisation_is_declined(client: HttpCreditBureau, bureau: Running) -> None:
    bare = replace(an_enquiry(), authorisation=replace(AUTHORISATION, reference=""))
    with pytest.raises(CreditBureauDeclined, match="AUTHORISATION_MISSING"):
        client.enquire(bare)
    assert bureau.effects == {}


def test_a_wrong_secret_is_turned_away(bureau: Running) -> None:
    client = HttpCreditBureau(bureau.account(secret="another"))
    with pytest.raises(UnableToReachCreditBureau, match="SIGNATURE_INVALID"):
        client.enquire(an_enquiry())
    client.close()
    assert bureau.effects == {}


@pytest.mark.parametrize(
    ("fault", "carried_out"),
    [
        ("DROP_BEFORE", 0),
        ("DROP_AFTER", 1),
        ("BROKEN", 0),
        ("BROKEN_AFTER", 1),
        ("GARBAGE", 1),
    ],
)
def test_a_lost_answer_is_unknown_and_asking_tells_what_happened(
    client: HttpCreditBureau, bureau: Running, fault: str, carried_out: int
) -> None:
    bureau.fault(fault)
    with pytest.raises(CreditBureauOutcomeUnknown):
        client.enquire(an_enquiry())
    assert bureau.effects.get("enquiry-1", 0) == carried_out
    assert (client.ask("enquiry-1") is not None) is bool(carried_out)


def test_a_busy_bureau_says_when_to_come_back(client: HttpCreditBureau, bureau: Running) -> None:
    bureau.fault("UNAVAILABLE")
    with pytest.raises(UnableToReachCreditBureau) as caught:
        client.enquire(an_enquiry())
    assert (caught.value.code, caught.value.retry_after_s) == ("BUSY", 2)
    assert bureau.effects == {}


def test_a_bureau_that_hangs_leaves_the_outcome_unknown(bureau: Running) -> None:
    client = HttpCreditBureau(bureau.account(read_timeout_s=0.2))
    bureau.fault("HANG")
    with pytest.raises(CreditBureauOutcomeUnknown) as caught:
        client.enquire(an_enquiry())
    bureau.control("release")
    assert caught.value.trace == "POST ReadTimeoutError"
    assert client.ask("enquiry-1") is not None
    client.close()


def test_a_closed_port_means_that_nothing_was_sent(bureau: Running) -> None:
    client = HttpCreditBureau(replace(bureau.account(), base_url="http://127.0.0.1:1"))
    with pytest.raises(UnableToReachCreditBureau, match="no connection"):
        client.enquire(an_enquiry())
    with pytest.raises(UnableToReachCreditBureau):
        client.ask("enquiry-1")
    client.close()


def test_no_trace_holds_personal_data(client: HttpCreditBureau, bureau: Running) -> None:
    bureau.fault("BROKEN_AFTER")
    with pytest.raises(CreditBureauOutcomeUnknown) as caught:
        client.enquire(an_enquiry())
    assert "李雷" not in caught.value.trace + str(caught.value)
    assert GOOD not in caught.value.trace + str(caught.value)
