"""The states of an agreement, and who signs."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class AgreementState(Toned):
    """PREPARED until the customer signs, EFFECTIVE when the lender has signed too."""

    PREPARED = "PREPARED", "info", _("待签")
    SIGNED = "SIGNED", "info", _("客户已签")
    EFFECTIVE = "EFFECTIVE", "ok", _("已生效")
    VOID = "VOID", "idle", _("已作废")


class Signer(Toned):
    """Whose signature it is."""

    CUSTOMER = "CUSTOMER", "idle", _("借款人")
    CO_BORROWER = "CO_BORROWER", "idle", _("共同借款人")
    GUARANTOR = "GUARANTOR", "idle", _("担保人")
    LENDER = "LENDER", "idle", _("贷款人")
