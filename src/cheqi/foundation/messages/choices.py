"""States of a message, of its attempts and of the gate's decisions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """SENDING is written before the text leaves; whatever happens then, the provider is asked by key."""

    PLANNED = "PLANNED", _("待发送")
    DEFERRED = "DEFERRED", _("已顺延")
    SENDING = "SENDING", _("发送中")
    SENT = "SENT", _("已发送")
    DELIVERED = "DELIVERED", _("已送达")
    FAILED = "FAILED", _("未送达")
    BLOCKED = "BLOCKED", _("未发送")
    DEAD = "DEAD", _("失败待处理")


LIVE = (MessageState.PLANNED, MessageState.DEFERRED, MessageState.SENDING)
REACHED = (MessageState.SENT, MessageState.DELIVERED)


class Stage(TextChoices):
    """The gate is asked when a message is planned and in the transaction that starts an attempt."""

    PLANNED = "PLANNED", _("计划时")
    STARTED = "STARTED", _("发送前")


class Verdict(TextChoices):
    """What the gate said."""

    ALLOW = "ALLOW", _("允许")
    DEFER = "DEFER", _("顺延")
    BLOCK = "BLOCK", _("禁止")


class Way(TextChoices):
    """How a person said what they want."""

    PORTAL = "PORTAL", _("在消息设置里")
    MAIL_LINK = "MAIL_LINK", _("通过邮件里的链接")
