"""Between the bank's JSON and our instructions. Both sides count in fen.

Example: `payment_from({"requestNumber": "k", "status": "SUCC", …}).is_settled`.
"""

from datetime import datetime
from typing import Any

from cheqi.ports.payments import (
    Mandate,
    MandateRequest,
    MandateState,
    PayeeAnswer,
    PayeeCheck,
    PayeeVerdict,
    PaymentState,
    PaymentStatus,
    PayOut,
)

VERDICTS = {
    "00": PayeeVerdict.MATCH,
    "01": PayeeVerdict.NAME_DIFFERS,
    "02": PayeeVerdict.ACCOUNT_UNKNOWN,
    "03": PayeeVerdict.ACCOUNT_CLOSED,
}
PAYMENT_STATES = {
    "PROC": PaymentState.ACCEPTED,
    "SUCC": PaymentState.SETTLED,
    "RETN": PaymentState.RETURNED,
}
MANDATE_STATES = {
    "PROC": MandateState.PENDING,
    "SUCC": MandateState.ACTIVE,
    "FAIL": MandateState.REFUSED,
}


def check_body(check: PayeeCheck) -> dict[str, Any]:
    """A payee check as the bank wants it."""
    return {"accountNo": check.account_number, "accountName": check.name, "bankCode": check.bank_code}


def mandate_body(request: MandateRequest) -> dict[str, Any]:
    """A direct-debit agreement as the bank wants it."""
    return {
        "accountNo": request.account_number,
        "accountName": request.name,
        "idNo": request.id_number,
        "mobile": request.mobile,
        "contractNo": request.contract_number,
        "limitFen": request.limit_fen,
        "debitDay": request.debit_day,
        "validUntil": request.valid_until_date.isoformat(),
    }


def pay_out_body(instruction: PayOut) -> dict[str, Any]:
    """A pay-out as the bank wants it."""
    return {
        "amountFen": instruction.amount_fen,
        "currency": "CNY",
        "accountNo": instruction.account_number,
        "accountName": instruction.name,
        "bankCode": instruction.bank_code,
        "memo": instruction.memo,
    }


def payee_from(data: dict[str, Any]) -> PayeeAnswer:
    """The bank's word on a payee."""
    return PayeeAnswer(str(data["requestNumber"]), VERDICTS[data["result"]], str(data["bankNo"]))


def mandate_from(data: dict[str, Any]) -> Mandate:
    """A direct-debit agreement as it stands."""
    return Mandate(
        str(data["requestNumber"]),
        MANDATE_STATES[data["status"]],
        str(data["agreementNo"]),
        str(data["reason"]),
    )


def payment_from(data: dict[str, Any]) -> PaymentStatus:
    """A pay-out as it stands."""
    settled = data["settledAt"]
    return PaymentStatus(
        key=str(data["requestNumber"]),
        state=PAYMENT_STATES[data["status"]],
        reference=str(data["bankNo"]),
        amount_fen=int(data["amountFen"]),
        settled_at=datetime.fromisoformat(settled) if settled else None,
        reason=str(data["reason"]),
    )
