"""States of an exchange, of its attempts, of a circuit and of a push.

UNKNOWN is written before the request leaves: whatever kills the process in the middle, the row says that
the outcome has to be asked for.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExchangeState(TextChoices):
    """WAITING: not sent · UNKNOWN: sent, no word · SENT: accepted, result to come · the others are final."""

    WAITING = "WAITING", _("待发送")
    UNKNOWN = "UNKNOWN", _("结果待查")
    SENT = "SENT", _("已受理")
    DONE = "DONE", _("已答复")
    FAILED = "FAILED", _("被拒绝")
    DEAD = "DEAD", _("失败待处理")
    DISCARDED = "DISCARDED", _("已放弃")


LIVE = (ExchangeState.WAITING, ExchangeState.UNKNOWN, ExchangeState.SENT)


class AttemptKind(TextChoices):
    """A call either gives the instruction or asks what became of it."""

    SEND = "SEND", _("发送")
    ASK = "ASK", _("查询结果")


class AttemptOutcome(TextChoices):
    """How a call ended. LOST: the process that made it was never heard of again."""

    RUNNING = "RUNNING", _("进行中")
    ANSWERED = "ANSWERED", _("已答复")
    NOT_FOUND = "NOT_FOUND", _("对方未收到")
    DECLINED = "DECLINED", _("被拒绝")
    UNREACHABLE = "UNREACHABLE", _("无法连接")
    UNKNOWN = "UNKNOWN", _("无回音")
    NOT_TAKEN = "NOT_TAKEN", _("答复未能入账")
    LOST = "LOST", _("中断")


class CircuitState(TextChoices):
    """CLOSED: calls go through · OPEN: nobody calls until `retry_at` · HALF_OPEN: one call tries."""

    CLOSED = "CLOSED", _("正常")
    OPEN = "OPEN", _("已熔断")
    HALF_OPEN = "HALF_OPEN", _("试探中")


class PushOutcome(TextChoices):
    """What a push did."""

    APPLIED = "APPLIED", _("已采用")
    STALE = "STALE", _("已过时")
    UNMATCHED = "UNMATCHED", _("无对应请求")
    CORRECTION = "CORRECTION", _("更正")
