"""The states of a wake-up."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WakeupState(TextChoices):
    """WAITING and RUNNING are live: one such row a task and key. The others are history."""

    WAITING = "WAITING", _("等待")
    RUNNING = "RUNNING", _("进行中")
    DONE = "DONE", _("完成")
    DEAD = "DEAD", _("失败待处理")
    DISCARDED = "DISCARDED", _("已放弃")


LIVE = (WakeupState.WAITING, WakeupState.RUNNING)
