"""Sends one-time codes as messages: with the gate, a template, attempts, and the code forgotten once sent.

Bound to `access.hooks.CodeSender` in `config.wiring`.
"""

from datetime import datetime

from cheqi.core.base.text import Text
from cheqi.foundation.access.hooks import CodeMessage
from cheqi.foundation.messages.operations import send

PURPOSES = {
    "LOGIN": Text("登录", "log-in"),
    "TRACKER": Text("查询进度", "following your application"),
    "CONSENT": Text("确认授权", "giving consent"),
    "SIGN": Text("签署合同", "signing the contract"),
}


class MessageCodeSender:
    """A `CodeSender`: the message row carries it from here, once for its key."""

    def send(self, message: CodeMessage, now: datetime) -> None:
        """Plans the message. Nothing outside is called here."""
        send(
            "one_time_code",
            data={"code": message.code, "minutes": message.minutes, "purpose": PURPOSES[message.purpose]},
            key=message.key,
            now=now,
            party_id=message.party_id,
            to=message.mobile,
        )
