"""The states of a published version, and the two forms of a pack."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionState(TextChoices):
    """Proposed by one person; published or turned down by another."""

    PROPOSED = "PROPOSED", _("待复核")
    PUBLISHED = "PUBLISHED", _("已发布")
    TURNED_DOWN = "TURNED_DOWN", _("已退回")

    @property
    def tone(self) -> str:
        """How a page colours it."""
        return {"PROPOSED": "warn", "PUBLISHED": "ok"}.get(self.value, "idle")


class Form(TextChoices):
    """A rule pack, or a working calendar."""

    RULES = "RULES", _("规则包")
    CALENDAR = "CALENDAR", _("工作日历")
