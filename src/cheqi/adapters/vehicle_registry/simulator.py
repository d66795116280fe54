"""A simulated vehicle registry: accepts filings with 202 and moves them one state each time it advances.

A batch is looked at once all its filings are there: until then they wait at PAPERS_WITH_REGISTRY (2).
A certificate number that ends in 00 is returned by the registry (CT), a lien contract that ends in YT by
the post (YT); everything else goes through to SHIPPED (5) with a courier number. Each move is pushed.
"""

from datetime import UTC, datetime
from typing import Any

from cheqi.adapters.wire.simulated import Record, Rejected, SimulatedSystem

REQUIRED = ("hphm", "hpzl", "clsbdh", "djzsbh", "zhth", "dyhth", "jgdm", "jbr", "pch")
APPLICATION_TYPES = (11, 12, 21, 22)
WITH_REGISTRY, UNDER_REVIEW, ENDORSED, SHIPPED = 2, 3, 4, 5


class SimulatedVehicleRegistry(SimulatedSystem):
    """States and return codes as the port describes them."""

    NAME = "vehicle-registry"
    COLLECTIONS = ("/api/filings",)
    ACCEPTED = 202

    def carry_out(self, collection: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        """Accepts a complete filing in state 0."""
        missing = [name for name in REQUIRED if not str(body.get(name, "")).strip()]
        if missing or not body["dyr"]["xm"] or not body["dyr"]["sfzmhm"]:
            raise Rejected(422, "FIELD_MISSING", f"缺少必填项：{'、'.join(missing) or '抵押人'}")
        if body["ywlx"] not in ("DY", "JY") or body["sqlx"] not in APPLICATION_TYPES:
            raise Rejected(422, "FIELD_INVALID", "业务类型或申请类型不符")
        if len(body["clsbdh"]) != 17:
            raise Rejected(422, "FIELD_INVALID", "车辆识别代号应为 17 位")
        if int(body["pcsl"]) < 1:
            raise Rejected(422, "FIELD_INVALID", "批次数量应大于零")
        return {
            "requestNumber": number,
            "filingNo": f"D{datetime.now(UTC):%Y%m%d}{len(self.records) + 1:06d}",
            "state": 0,
            "failure": "",
            "returnReason": "",
            "emsNo": "",
            "changedAt": _now(),
            "filing": body,
        }

    def view(self, record: Record) -> dict[str, Any]:
        """Everything but the filing itself."""
        return {name: value for name, value in record.data.items() if name != "filing"}

    def move(self, record: Record) -> bool:
        """One state further, or returned with a reason."""
        data, filing = record.data, record.data["filing"]
        if data["failure"] or data["state"] == SHIPPED:
            return False
        if data["state"] == WITH_REGISTRY and not self._batch_is_complete(filing):
            return False
        if data["state"] == UNDER_REVIEW and filing["djzsbh"].endswith("00"):
            data |= {"failure": "CT", "returnReason": "登记证书编号与车辆信息不一致，请核对后重新申报"}
        elif data["state"] == ENDORSED and filing["dyhth"].endswith("YT"):
            data |= {"failure": "YT", "returnReason": "邮寄地址无人签收，资料已退回"}
        else:
            data["state"] += 1
        if data["state"] == SHIPPED:
            data["emsNo"] = f"EX{data['filingNo'][-6:]}CN"
        data["changedAt"] = _now()
        return True

    def _batch_is_complete(self, filing: dict[str, Any]) -> bool:
        batch = (filing["jgdm"], filing["pch"])
        others = (record.data["filing"] for record in self.records.values())
        return sum((other["jgdm"], other["pch"]) == batch for other in others) >= int(filing["pcsl"])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
