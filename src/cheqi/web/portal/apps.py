"""The portal's app and the thumb's navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cheqi.ui.navigation import Entry, Place, register

ENTRIES = (
    Entry("progress", _("进度"), "portal:progress", "activity", order=10, place=Place.PORTAL),
    Entry(
        "documents",
        _("资料"),
        "portal:documents",
        "file-text",
        order=20,
        place=Place.PORTAL,
        owns="/documents/",
    ),
    Entry(
        "repayment",
        _("还款"),
        "portal:repayment",
        "credit-card",
        order=30,
        place=Place.PORTAL,
        owns="/loans/",
    ),
    Entry("me", _("我的"), "portal:me", "user", order=40, place=Place.PORTAL),
)


class PortalConfig(AppConfig):
    """The customer's shell."""

    name = "cheqi.web.portal"
    label = "portal"

    def ready(self) -> None:
        """Offers the portal's entries; one without a page is not shown."""
        for entry in ENTRIES:
            register(entry)
