"""My tasks: one list over all kinds of work, what breaches next first; filters are chips, kept as views."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow.queries import QueueFilters, QueuePage, Whose, queue
from cheqi.ui import errors
from cheqi.ui.forms import said
from cheqi.ui.parts import Chip, EmptyState, FilterChips
from cheqi.ui.requests import moment_of, staff_of
from cheqi.ui.tables import Column, Kind, Table, csv_response
from cheqi.web.desk import operations
from cheqi.web.desk.queries import views_of, with_names

PLACE = "queue"
WHOSE = (
    (Whose.MINE, gettext_lazy("我的")),
    (Whose.FREE, gettext_lazy("待领取")),
    (Whose.ROLES, gettext_lazy("我的角色")),
    (Whose.ALL, gettext_lazy("全部可见")),
)
EMPTY = EmptyState(
    gettext_lazy("现在没有待办"),
    gettext_lazy("新的任务会自动出现在这里，最紧急的在最上面。"),
    "circle-check",
)


class QueueTable(Table):
    """The queue as a file."""

    key = PLACE
    caption = gettext_lazy("我的任务")
    columns = (
        Column("title", gettext_lazy("事项")),
        Column("number", gettext_lazy("单号")),
        Column("customer", gettext_lazy("客户")),
        Column("car", gettext_lazy("车辆")),
        Column("value_fen", gettext_lazy("金额"), Kind.MONEY),
        Column("opened_at", gettext_lazy("开始"), Kind.MOMENT),
        Column("owner", gettext_lazy("经办")),
    )


def filters_of(query: QueryDict) -> QueueFilters:
    """What the address asks of the queue; nonsense falls back to one's own."""
    whose = query.get("whose", "")
    page = query.get("page", "")
    return QueueFilters(
        whose=Whose(whose) if whose in Whose.__members__ else Whose.MINE,
        process=query.get("process", "")[:40],
        stage=query.get("stage", "")[:40],
        step=query.get("step", "")[:60],
        is_breached=query.get("late") == "1",
        page=int(page) if page.isdecimal() else 1,
    )


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list, most urgent first."""
    actor, now = staff_of(request), moment_of(request)
    filters = filters_of(request.GET)
    found = queue(actor, filters, now)
    lines = with_names(found.lines, actor)
    context = {
        "lines": lines,
        "found": found,
        "chips": _chips(request, filters),
        "views": views_of(PLACE, actor),
        "empty": EMPTY if filters == QueueFilters(page=filters.page) else None,
        "query": request.GET.urlencode(),
        "may_export": bool(lines),
        "may_reassign": may(actor, Permission.REASSIGN),
        "late": sum(line.bar.is_late for line in lines),
    }
    return render(request, "desk/queue.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered queue as a CSV file, on record."""
    actor, now = staff_of(request), moment_of(request)
    filters = filters_of(request.GET)
    found = queue(actor, filters, now)
    refused = operations.export_list(
        name=str(QueueTable.caption),
        rows=found.total,
        filters=request.GET.urlencode(),
        actor=actor,
        now=now,
    )
    if refused is not None:
        return errors.refused(request, refused)
    rows = with_names(_all_lines(actor, filters, found, request), actor)
    return csv_response(request, QueueTable, rows, filename="queue.csv")


@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Saves the present filters under a name, or forgets a view."""
    actor = staff_of(request)
    query = request.POST.get("query", "")
    if dropped := request.POST.get("drop", ""):
        operations.drop_view(int(dropped) if dropped.isdecimal() else 0, actor=actor)
        return redirect("desk:queue")
    name = request.POST.get("name", "")
    kept = operations.save_view(place=PLACE, name=name, query=query, actor=actor, now=moment_of(request))
    if isinstance(kept, Refused):
        messages.error(request, " ".join(said(one) for one in kept.findings))
        return redirect("desk:queue")
    messages.success(request, _("已保存视图「%(name)s」") % {"name": kept.name})
    return redirect(f"{reverse('desk:queue')}?{kept.query}")


def _all_lines(actor: Actor, filters: QueueFilters, first: QueuePage, request: HttpRequest) -> list:  # type: ignore[type-arg]
    lines = []
    for number in range(1, first.pages + 1):
        asked = QueueFilters(
            filters.whose, filters.process, filters.stage, filters.step, filters.is_breached, number
        )
        lines += queue(actor, asked, moment_of(request)).lines
    return lines


def _chips(request: HttpRequest, filters: QueueFilters) -> FilterChips:
    def url(**changes: str) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query[name] = value
            if not value:
                query.pop(name)
        return f"?{query.urlencode()}"

    whose = [Chip(words, url(whose=each.value), filters.whose is each) for each, words in WHOSE]
    late = Chip(_("只看超时"), url(late="" if filters.is_breached else "1"), filters.is_breached)
    return FilterChips(_("筛选"), (*whose, late))
