"""The states of a document and the verdicts on its fields."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentState(TextChoices):
    """From the upload to a decision.

    RECEIVED → READING → READ (all fields accepted) | NEEDS_CLERK | UNREADABLE; a clerk then makes it
    ACCEPTED or REJECTED.
    """

    RECEIVED = "RECEIVED", _("已收到")
    READING = "READING", _("识别中")
    READ = "READ", _("已识别")
    NEEDS_CLERK = "NEEDS_CLERK", _("待核对")
    UNREADABLE = "UNREADABLE", _("无法识别")
    ACCEPTED = "ACCEPTED", _("已通过")
    REJECTED = "REJECTED", _("已退回")


DECIDED = (DocumentState.ACCEPTED, DocumentState.REJECTED)
UNREAD = (DocumentState.RECEIVED, DocumentState.READING)

BADGES = {
    DocumentState.RECEIVED: "secondary",
    DocumentState.READING: "azure",
    DocumentState.READ: "green",
    DocumentState.NEEDS_CLERK: "yellow",
    DocumentState.UNREADABLE: "orange",
    DocumentState.ACCEPTED: "green",
    DocumentState.REJECTED: "red",
}


class FieldVerdict(TextChoices):
    """What is known of a field: ACCEPTED by its own checks, for a CLERK, SETTLED by one, or REJECTED."""

    ACCEPTED = "ACCEPTED", _("自动通过")
    CLERK = "CLERK", _("待核对")
    SETTLED = "SETTLED", _("人工确认")
    REJECTED = "REJECTED", _("不通过")
