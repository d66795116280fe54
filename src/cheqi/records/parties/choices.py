"""What a party can be, and how they want to be reached."""

from django.utils.translation import gettext_lazy as _

from cheqi.records.choices import Toned


class PartyKind(Toned):
    """A person or a company."""

    PERSON = "PERSON", "idle", _("个人")
    COMPANY = "COMPANY", "idle", _("公司")


class Channel(Toned):
    """The channel that the party chose for messages."""

    IN_APP = "IN_APP", "idle", _("站内消息")
    SMS = "SMS", "idle", _("短信")
    MAIL = "MAIL", "idle", _("电子邮件")


class Language(Toned):
    """The language that the party reads."""

    ZH = "zh-hans", "idle", _("简体中文")
    EN = "en", "idle", _("英语")


class FactOrigin(Toned):
    """Where a verified fact comes from."""

    DOCUMENT = "DOCUMENT", "ok", _("证件资料")
    BUREAU = "BUREAU", "ok", _("征信")
    REGISTRY = "REGISTRY", "ok", _("车管所")
    BANK = "BANK", "ok", _("银行")
    CLERK = "CLERK", "info", _("人工确认")
    CUSTOMER = "CUSTOMER", "warn", _("客户自述")
