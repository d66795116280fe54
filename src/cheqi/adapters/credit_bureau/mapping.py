"""Between the bureau's JSON and our report. Their money is whole yuan; ours is fen.

Example: `report_from({"reportNo": "CR1", …}, raw=b"…").score`. Anything missing or of the wrong type
raises KeyError, ValueError or TypeError, which the client reports as an answer that cannot be read.
"""

from datetime import date, datetime
from typing import Any

from cheqi.ports.credit_bureau import (
    AccountStatus,
    CreditAccount,
    CreditEnquiry,
    CreditReport,
    EnquiryPurpose,
    OverdueRecord,
    PastEnquiry,
)

PURPOSE_CODES = {
    EnquiryPurpose.LOAN_APPROVAL: "02",
    EnquiryPurpose.POST_LOAN_MANAGEMENT: "01",
    EnquiryPurpose.GUARANTOR_REVIEW: "08",
    EnquiryPurpose.OBJECTION: "15",
}
STATUS_CODES = {
    "1": AccountStatus.NORMAL,
    "2": AccountStatus.OVERDUE,
    "3": AccountStatus.SETTLED,
    "4": AccountStatus.WRITTEN_OFF,
}


def body_of(enquiry: CreditEnquiry) -> dict[str, Any]:
    """The enquiry as the bureau wants it."""
    subject, authorisation = enquiry.subject, enquiry.authorisation
    return {
        "subject": {
            "name": subject.name,
            "idType": subject.id_kind,
            "idNo": subject.id_number,
            "mobile": subject.mobile,
        },
        "queryReason": PURPOSE_CODES[enquiry.purpose],
        "authorisation": {
            "no": authorisation.reference,
            "signedAt": authorisation.authorised_at.isoformat(),
            "textVersion": authorisation.text_version,
        },
        "operator": enquiry.enquirer,
    }


def report_from(data: dict[str, Any], *, raw: bytes) -> CreditReport:
    """The report in our words, with the bytes it came in."""
    score = data["score"]
    return CreditReport(
        report_number=str(data["reportNo"]),
        produced_at=datetime.fromisoformat(data["producedAt"]),
        is_subject_known=data["found"] is True,
        score=None if score is None else int(score),
        accounts=tuple(_account(row) for row in data["accounts"]),
        overdue=tuple(_overdue(row) for row in data["overdues"]),
        enquiries=tuple(_past(row) for row in data["queries"]),
        raw=raw,
    )


def _account(row: dict[str, Any]) -> CreditAccount:
    return CreditAccount(
        number=str(row["accountNo"]),
        kind=str(row["type"]),
        lender=str(row["org"]),
        opened_date=date.fromisoformat(row["openDate"]),
        limit_fen=int(row["limitYuan"]) * 100,
        balance_fen=int(row["balanceYuan"]) * 100,
        monthly_payment_fen=int(row["monthlyYuan"]) * 100,
        status=STATUS_CODES[row["status"]],
        history=str(row["history24"]),
    )


def _overdue(row: dict[str, Any]) -> OverdueRecord:
    return OverdueRecord(
        str(row["accountNo"]), str(row["month"]), int(row["months"]), int(row["amountYuan"]) * 100
    )


def _past(row: dict[str, Any]) -> PastEnquiry:
    return PastEnquiry(date.fromisoformat(row["date"]), str(row["org"]), str(row["reason"]))
