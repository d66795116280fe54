"""The states of a lien and what secures it."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class LienState(Toned):
    """From the filing to the release; RETURNED is the registry asking for something."""

    PREPARED = "PREPARED", "idle", _("待办理")
    FILED = "FILED", "info", _("办理中")
    RETURNED = "RETURNED", "warn", _("退回补正")
    REGISTERED = "REGISTERED", "ok", _("已登记")
    RELEASED = "RELEASED", "idle", _("已解除")


class TitleHolder(Toned):
    """Who holds the registration certificate (绿本)."""

    LENDER = "LENDER", "ok", _("本机构")
    CUSTOMER = "CUSTOMER", "warn", _("客户")
    REGISTRY = "REGISTRY", "info", _("车管所")
    COURIER = "COURIER", "info", _("寄送途中")
