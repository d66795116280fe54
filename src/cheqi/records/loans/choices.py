"""The states of a loan account."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class LoanState(Toned):
    """ACTIVE from the disbursement on, SETTLED when nothing is owed any more."""

    ACTIVE = "ACTIVE", "ok", _("还款中")
    SETTLED = "SETTLED", "idle", _("已结清")
    WRITTEN_OFF = "WRITTEN_OFF", "bad", _("已核销")
