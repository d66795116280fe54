"""A simulated bank. No money moves; it counts what it was told to pay, once a request number.

The end of the account number decides: 9999 does not exist, 8888 is closed, 7777 belongs to somebody of
another name and refuses a mandate, 6666 is paid only at the next `advance`, 5555 is accepted and then
returned. Every other account is paid at once.
"""

from datetime import UTC, date, datetime
from typing import Any

from cheqi.adapters.wire.simulated import Record, Rejected, SimulatedSystem

PAYEES, MANDATES, PAYMENTS = "/gateway/payee-checks", "/gateway/mandates", "/gateway/payments"
LATER, RETURNED = "6666", "5555"
VERDICT_OF_ENDING = {"9999": "02", "8888": "03", "7777": "01"}


class SimulatedBank(SimulatedSystem):
    """Payee checks, mandates and pay-outs."""

    NAME = "payments"
    COLLECTIONS = (PAYEES, MANDATES, PAYMENTS)

    def carry_out(self, collection: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        """One of the three instructions."""
        ending = str(body["accountNo"])[-4:]
        if not body["accountName"] or not str(body["accountNo"]).isdigit():
            raise Rejected(422, "FIELD_INVALID", "账号或户名不完整")
        sequence = f"B{datetime.now(UTC):%Y%m%d}{len(self.records) + 1:08d}"
        known = {"requestNumber": number}
        if collection == PAYEES:
            return known | {"result": VERDICT_OF_ENDING.get(ending, "00"), "bankNo": sequence}
        if collection == MANDATES:
            return known | self._mandate(ending, sequence, body)
        return known | self._pay(ending, sequence, body)

    def move(self, record: Record) -> bool:
        """What was accepted is settled or returned."""
        data = record.data
        if record.collection != PAYMENTS or data["status"] != "PROC":
            return False
        if data["ending"] == RETURNED:
            data |= {"status": "RETN", "reason": "收款账户状态异常，款项已退回"}
        else:
            data |= {"status": "SUCC", "settledAt": _now()}
        return True

    def _mandate(self, ending: str, sequence: str, body: dict[str, Any]) -> dict[str, Any]:
        date.fromisoformat(body["validUntil"])
        if int(body["limitFen"]) <= 0 or not 1 <= int(body["debitDay"]) <= 28:
            raise Rejected(422, "FIELD_INVALID", "扣款限额或扣款日不符")
        if ending in VERDICT_OF_ENDING:
            return {"status": "FAIL", "agreementNo": "", "reason": "户名或账户状态不符，签约失败"}
        return {"status": "SUCC", "agreementNo": f"M{sequence[1:]}", "reason": ""}

    def _pay(self, ending: str, sequence: str, body: dict[str, Any]) -> dict[str, Any]:
        if int(body["amountFen"]) <= 0 or body["currency"] != "CNY":
            raise Rejected(422, "FIELD_INVALID", "金额或币种不符")
        if VERDICT_OF_ENDING.get(ending) in ("02", "03"):
            raise Rejected(422, "ACCOUNT_INVALID", "收款账户不存在或已销户")
        waits = ending in (LATER, RETURNED)
        return {
            "status": "PROC" if waits else "SUCC",
            "bankNo": sequence,
            "amountFen": int(body["amountFen"]),
            "settledAt": "" if waits else _now(),
            "reason": "",
            "ending": ending,
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
