"""The kinds and states of papers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    """What a paper is; the value is its template's name in capitals."""

    LOAN_CONTRACT = "LOAN_CONTRACT", _("汽车贷款合同")
    REPAYMENT_SCHEDULE = "REPAYMENT_SCHEDULE", _("还款计划表")
    CREDIT_AUTHORISATION = "CREDIT_AUTHORISATION", _("个人信用信息查询授权书")


class PaperState(TextChoices):
    """DRAFT → SHOWN → SIGNED_BY_CUSTOMER → SIGNED; ISSUED for a paper that nobody signs; VOID ends any."""

    DRAFT = "DRAFT", _("已生成")
    SHOWN = "SHOWN", _("待客户签署")
    SIGNED_BY_CUSTOMER = "SIGNED_BY_CUSTOMER", _("客户已签署")
    SIGNED = "SIGNED", _("签署完成")
    ISSUED = "ISSUED", _("已出具")
    VOID = "VOID", _("已作废")


BADGES = {
    PaperState.DRAFT: "secondary",
    PaperState.SHOWN: "azure",
    PaperState.SIGNED_BY_CUSTOMER: "yellow",
    PaperState.SIGNED: "green",
    PaperState.ISSUED: "green",
    PaperState.VOID: "red",
}
