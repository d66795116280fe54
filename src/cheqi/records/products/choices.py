"""The conventions that a product chooses from, and the state of its versions."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class RepaymentMethod(Toned):
    """The values of `core.loan.terms.Method`."""

    EQUAL_INSTALLMENT = "EQUAL_INSTALLMENT", "idle", _("等额本息")
    EQUAL_PRINCIPAL = "EQUAL_PRINCIPAL", "idle", _("等额本金")
    FLAT = "FLAT", "idle", _("等本等息")
    INTEREST_ONLY = "INTEREST_ONLY", "idle", _("先息后本")
    BALLOON = "BALLOON", "idle", _("尾款")


class DayCountChoice(Toned):
    """The values of `core.base.dates.DayCount`."""

    THIRTY_360 = "THIRTY_360", "idle", _("30/360")
    ACT_360 = "ACT_360", "idle", _("实际天数/360")
    ACT_365 = "ACT_365", "idle", _("实际天数/365")
    ACT_ACT = "ACT_ACT", "idle", _("实际天数/实际天数")


class RoundingChoice(Toned):
    """The values of `core.base.money.Rounding`."""

    HALF_UP = "HALF_UP", "idle", _("四舍五入")
    HALF_EVEN = "HALF_EVEN", "idle", _("四舍六入五成双")
    DOWN = "DOWN", "idle", _("舍去")
    UP = "UP", "idle", _("进一")
