"""What a car can be."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class Condition(Toned):
    """New, or registered before."""

    NEW = "NEW", "idle", _("新车")
    USED = "USED", "idle", _("二手车")


class Energy(Toned):
    """Conventional (传统动力) or new energy (新能源)."""

    ICE = "ICE", "idle", _("传统动力")
    NEV = "NEV", "idle", _("新能源")


class Usage(Toned):
    """Own use or commercial, as the loan-to-value rules ask."""

    OWN = "OWN", "idle", _("自用")
    COMMERCIAL = "COMMERCIAL", "idle", _("商用")
