"""The desk's app and its own navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cheqi.ui.navigation import Entry, Place, count_with, register

ENTRIES = (
    Entry("queue", _("我的任务"), "desk:queue", "list-check", order=10, is_home=True),
    Entry("cases", _("案件"), "desk:cases", "file-text", order=20),
    Entry("customers", pgettext_lazy("navigation", "客户"), "desk:customers", "users", order=30),
    Entry("escalated", _("升级"), "desk:escalated", "arrow-up", order=40),
    Entry("messages", _("消息"), "desk:messages", "message", order=50),
    Entry("board", _("看板"), "desk:board", "layout-kanban", order=10, place=Place.DESK_LOWER),
    Entry("process", _("流程"), "desk:process", "activity", order=15, place=Place.DESK_LOWER),
    Entry("products", _("产品"), "desk:products", "wallet", order=18, place=Place.DESK_LOWER),
    Entry("rules", _("规则"), "desk:rules", "scale", order=20, place=Place.DESK_LOWER),
    Entry("people", _("人员"), "desk:people", "users", order=25, place=Place.DESK_LOWER),
    Entry(
        "failures",
        _("故障"),
        "desk:failures",
        "alert-triangle",
        order=28,
        place=Place.DESK_LOWER,
        roles=frozenset({"admin", "operations_manager", "auditor"}),
    ),
    Entry(
        "audit",
        _("审计"),
        "desk:audit",
        "shield-check",
        order=29,
        place=Place.DESK_LOWER,
        roles=frozenset({"admin", "operations_manager", "auditor"}),
    ),
    Entry("settings", _("设置"), "desk:settings", "settings", order=30, place=Place.DESK_LOWER),
)


class DeskConfig(AppConfig):
    """The staff's shell."""

    name = "cheqi.web.desk"
    label = "desk"

    def ready(self) -> None:
        """Offers the desk's entries; one without a page is not shown."""
        from cheqi.web.desk.counting import counts

        for entry in ENTRIES:
            register(entry)
        count_with(counts)
