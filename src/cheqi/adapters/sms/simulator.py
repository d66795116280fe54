"""A simulated SMS provider. Nothing leaves the machine: what was sent is read at `/inbox`.

A number that ends in 0000 does not exist; one that ends in 1111 is switched off and the message comes
back at the next `advance`; every other one is delivered then.
"""

from datetime import datetime
from html import escape
from typing import Any

from cheqi.adapters.wire.simulated import Record, Rejected, Reply, SimulatedSystem

LONGEST_TEXT = 500


class SimulatedSmsProvider(SimulatedSystem):
    """Takes messages and shows them."""

    NAME = "sms"
    COLLECTIONS = ("/sms/messages",)

    def carry_out(self, collection: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        """Takes one message."""
        phone, text = str(body["phone"]), str(body["text"])
        if len(phone) != 11 or not phone.isdigit() or phone.endswith("0000"):
            raise Rejected(422, "NUMBER_INVALID", "手机号码不存在")
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise Rejected(422, "TEXT_INVALID", "短信内容为空或过长")
        return {
            "requestNumber": number,
            "bizId": f"S{len(self.records) + 1:08d}",
            "status": "SENDING",
            "reason": "",
            "phone": phone,
            "text": f"【{body['signName']}】{text}",
            "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        }

    def view(self, record: Record) -> dict[str, Any]:
        """The receipt, without number and text."""
        return {name: record.data[name] for name in ("requestNumber", "bizId", "status", "reason")}

    def move(self, record: Record) -> bool:
        """Delivered, or not."""
        if record.data["status"] != "SENDING":
            return False
        if record.data["phone"].endswith("1111"):
            record.data |= {"status": "UNDELIVERED", "reason": "用户已关机"}
        else:
            record.data["status"] = "DELIVERED"
        return True

    def page(self, path: str) -> Reply | None:
        """`/inbox` for people, `/inbox.json` for programs: the newest message first."""
        with self.lock:
            messages = [dict(record.data) for record in reversed(self.records.values())]
        if path == "/inbox.json":
            return Reply(200, {"messages": messages})
        if path not in ("/", "/inbox"):
            return None
        rows = [(row["at"], row["phone"], row["text"]) for row in messages]
        return Reply(200, page=inbox_page("短信模拟器", "还没有短信", rows))


def inbox_page(title: str, empty: str, rows: list[tuple[str, str, str]]) -> str:
    """A plain page that reloads itself: when, to whom, what."""
    items = "".join(
        f"<li><small>{escape(at)} · {escape(to)}</small><p>{escape(text)}</p></li>" for at, to, text in rows
    )
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8"><meta http-equiv="refresh" content="3">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1><p>仅供演示：消息没有发往任何真实号码或邮箱。</p>"
        + (f"<ul>{items}</ul>" if rows else f"<p>{escape(empty)}</p>")
    )


STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1f2937}"
    "ul{list-style:none;padding:0}li{border:1px solid #e5e7eb;border-radius:.5rem;padding:.5rem 1rem;"
    "margin:.5rem 0}li p{margin:.25rem 0;white-space:pre-wrap}small{color:#6b7280}"
)
