"""What an application can say."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class CustomerType(Toned):
    """Which papers are asked for, and how income is looked at."""

    EMPLOYEE = "EMPLOYEE", "idle", _("受薪")
    SELF_EMPLOYED = "SELF_EMPLOYED", "idle", _("个体经营")
    COMPANY = "COMPANY", "idle", _("公司")


class PartyRole(Toned):
    """What a party is in an application."""

    BORROWER = "BORROWER", "info", _("借款人")
    CO_BORROWER = "CO_BORROWER", "idle", _("共同借款人")
    GUARANTOR = "GUARANTOR", "idle", _("担保人")
    REPRESENTATIVE = "REPRESENTATIVE", "idle", _("授权代表")


class Act(Toned):
    """What somebody beside the applicant is asked to do."""

    CONSENT = "CONSENT", "info", _("征信授权")
    SIGN = "SIGN", "info", _("签字")


class SourceChannel(Toned):
    """Where the application came in."""

    PORTAL = "PORTAL", "idle", _("客户自助")
    DESK = "DESK", "idle", _("柜台")
    DEALER = "DEALER", "idle", _("经销商")
    API = "API", "idle", _("接口")


class Opinion(Toned):
    """What a reviewer decided."""

    APPROVE = "APPROVE", "ok", _("同意")
    REFUSE = "REFUSE", "bad", _("拒绝")
    RETURN = "RETURN", "warn", _("退回补充")


class MandateState(Toned):
    """Whether the account may be debited."""

    NOT_ASKED = "NOT_ASKED", "idle", _("未申请")
    PENDING = "PENDING", "info", _("办理中")
    ACTIVE = "ACTIVE", "ok", _("已生效")
    REFUSED = "REFUSED", "bad", _("被拒绝")


class PayeeState(Toned):
    """Whether the bank knows the dealer's account under the dealer's name."""

    UNCHECKED = "UNCHECKED", "idle", _("未核验")
    MATCH = "MATCH", "ok", _("已核验")
    NAME_DIFFERS = "NAME_DIFFERS", "bad", _("户名不符")
    ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN", "bad", _("账户不存在")
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED", "bad", _("账户已销户")
