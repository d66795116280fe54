"""What happened between us and outside systems.

Example: `ExchangeAnswered(port="payments", operation="pay_out", outcome="DONE").sentence("en")`.
"""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


@event
class ExchangeAnswered(Event):
    """A request was answered for good: DONE, FAILED (refused) or CORRECTED."""

    TYPE = "outside.answered"
    SENTENCE = Text("外部系统 {port} 答复了 {operation}：{outcome}", "{port} answered {operation}: {outcome}")
    port: str
    operation: str
    outcome: str
    code: str = ""


@event
class ExchangeDiscarded(Event):
    """A colleague gave up a request that was never sent, for a stated reason."""

    TYPE = "outside.discarded"
    SENTENCE = Text("放弃向 {port} 发送 {operation}：{reason}", "Gave up {operation} at {port}: {reason}")
    port: str
    operation: str
    reason: str


@event
class ExchangeRedriven(Event):
    """A colleague had a request tried again that had given up."""

    TYPE = "outside.redriven"
    SENTENCE = Text("重新向 {port} 发送 {operation}", "Had {operation} tried again at {port}")
    port: str
    operation: str
