"""The kinds of ledger accounts."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class AccountKindChoice(Toned):
    """The values of `core.ledger.AccountKind`."""

    ASSET = "ASSET", "idle", _("资产")
    LIABILITY = "LIABILITY", "idle", _("负债")
    EQUITY = "EQUITY", "idle", _("权益")
    INCOME = "INCOME", "idle", _("收入")
    EXPENSE = "EXPENSE", "idle", _("费用")
