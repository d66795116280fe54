"""A simulated credit bureau. Its people are fictitious, and what it knows follows from the ID number.

The sixteenth digit decides: 0 to 6 a good file, 7 a thin one (a card, too little for a score), 8 nobody
of that number is on file, 9 a history with arrears. The rest is drawn from a digest of the number, so
the same person has the same file on every machine and every day.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cheqi.adapters.wire.simulated import Rejected, SimulatedSystem

LENDERS = ("东湖银行", "远山消费金融", "北桥汽车金融", "南屏农商行")
PURPOSES = {"01": "贷后管理", "02": "贷款审批", "08": "担保资格审查", "15": "异议查询"}


class SimulatedCreditBureau(SimulatedSystem):
    """Answers at once, and keeps an enquiry on the person's record."""

    NAME = "credit-bureau"
    COLLECTIONS = ("/v2/enquiries",)

    def carry_out(self, collection: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        """A report, or a refusal when the authorisation or the purpose is missing."""
        subject, authorisation = body["subject"], body.get("authorisation") or {}
        if not authorisation.get("no") or not authorisation.get("signedAt"):
            raise Rejected(422, "AUTHORISATION_MISSING", "缺少信息主体的书面授权")
        if body.get("queryReason") not in PURPOSES:
            raise Rejected(422, "REASON_INVALID", "查询原因不在许可范围")
        id_number = str(subject["idNo"])
        if len(id_number) != 18 or not id_number[:17].isdigit() or not subject["name"]:
            raise Rejected(422, "SUBJECT_INVALID", "证件号码格式不符")
        now = datetime.now(UTC)
        report_number = f"CR{now:%Y%m%d}{len(self.records) + 1:06d}"
        content = file_of(id_number, now.date())
        return {"reportNo": report_number, "producedAt": now.isoformat(timespec="seconds"), **content}


def file_of(id_number: str, today: date) -> dict[str, Any]:
    """What the simulated bureau knows about a number, on a day."""
    digit = int(id_number[15])
    draw = hashlib.sha256(id_number.encode()).digest()
    if digit == 8:
        return {"found": False, "score": None, "accounts": [], "overdues": [], "queries": []}
    if digit == 7:
        card = _account("A1", "信用卡", draw[0], today, months=4)
        return {"found": True, "score": None, "accounts": [card], "overdues": [], "queries": []}
    accounts = [
        _account("A1", "信用卡", draw[0], today, months=24),
        _account("A2", "住房贷款", draw[1], today, months=24),
    ]
    queries = [{"date": str(today - timedelta(days=90 + draw[2])), "org": LENDERS[0], "reason": "贷款审批"}]
    if digit < 7:
        score = 640 + draw[3] % 120
        return {"found": True, "score": score, "accounts": accounts, "overdues": [], "queries": queries}
    late = _account("A3", "汽车贷款", draw[4], today, months=24)
    late |= {"history24": "NNNNNNNNNNNNNNNNNNN1N123", "status": "2"}
    months = [f"{_month_before(today, back):%Y-%m}" for back in (4, 2, 1, 0)]
    monthly = late["monthlyYuan"]
    overdues = [
        {"accountNo": "A3", "month": month, "months": count, "amountYuan": monthly * count}
        for month, count in zip(months, (1, 1, 2, 3), strict=True)
    ]
    score = 480 + draw[3] % 60
    more = [{"date": str(today - timedelta(days=n)), "org": LENDERS[1], "reason": "贷款审批"} for n in (4, 9)]
    return {
        "found": True,
        "score": score,
        "accounts": [*accounts, late],
        "overdues": overdues,
        "queries": [*more, *queries],
    }


def _account(number: str, kind: str, draw: int, today: date, *, months: int) -> dict[str, Any]:
    limit = {"信用卡": 20_000, "住房贷款": 800_000, "汽车贷款": 120_000}[kind] + 1_000 * (draw % 16)
    return {
        "accountNo": number,
        "type": kind,
        "org": LENDERS[draw % len(LENDERS)],
        "openDate": str(_month_before(today, months)),
        "limitYuan": limit,
        "balanceYuan": limit // 3,
        "monthlyYuan": limit // 3 // 36,
        "status": "1",
        "history24": "N" * months,
    }


def _month_before(today: date, months: int) -> date:
    """The first day of the month that lies `months` before this one."""
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
