"""A provider and a mail server that answer as the test says, and somebody to write to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.templating import Value
from cheqi.ports.mail import MailMessage, MailReceipt
from cheqi.ports.sms import SmsMessage, SmsReceipt, SmsState

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
EIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
LI_LEI = Recipient(name="李雷", mobile="13900000018", email="lilei@example.invalid")
RECEIVED: dict[str, Value] = {"name": "李雷", "case_number": "CQ-1", "link": "http://127.0.0.1/t/CQ-1"}
CODE: dict[str, Value] = {"code": "246810", "minutes": 5, "purpose": "登录"}


@dataclass
class FakeSms:
    """Plays one step at each call; without a script it accepts."""

    script: list[object] = field(default_factory=list)
    sent: list[SmsMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    during: Callable[[], None] | None = None

    def send(self, message: SmsMessage) -> SmsReceipt:
        self.sent.append(message)
        if self.during:
            self.during()
        step = self.script.pop(0) if self.script else SmsState.ACCEPTED
        if isinstance(step, Exception):
            raise step
        assert isinstance(step, SmsState)
        return SmsReceipt(message.key, "S1", step, "用户已关机" if step is SmsState.FAILED else "")

    def ask(self, key: str) -> SmsReceipt | None:
        self.asked.append(key)
        step = self.script.pop(0) if self.script else None
        if isinstance(step, Exception):
            raise step
        return SmsReceipt(key, "S1", step) if isinstance(step, SmsState) else None


@dataclass
class FakeMail:
    """Plays one step at each call; without a script it accepts."""

    script: list[Exception] = field(default_factory=list)
    sent: list[MailMessage] = field(default_factory=list)

    def send(self, message: MailMessage) -> MailReceipt:
        self.sent.append(message)
        if self.script:
            raise self.script.pop(0)
        return MailReceipt(message.key, f"<{message.key}@test>")
