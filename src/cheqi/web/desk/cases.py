"""Cases as a list and as a board, the search over them, and what escalated."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cheqi.areas.origination.operations.drafting import may_enter
from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.foundation.workflow.queries import (
    CaseFilters,
    CaseLine,
    board,
    case_count,
    cases,
    escalated,
    steps_by_id,
)
from cheqi.records.applications.queries import search, wishes
from cheqi.records.parties.queries import names_of
from cheqi.ui import errors
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.parts import Chip, EmptyState, FilterChips, TimeBar
from cheqi.ui.requests import moment_of, staff_of
from cheqi.ui.tables import Column, Kind, Table, csv_response
from cheqi.web.desk import asked, operations
from cheqi.web.desk.queries import time_bar, with_names
from cheqi.web.wording import actor_name

PROCESS = "application"
STANDINGS = (
    ("OPEN", gettext_lazy("办理中")),
    ("LATE", gettext_lazy("有超时")),
    ("CLOSED", gettext_lazy("已结束")),
    ("ALL", gettext_lazy("全部")),
)
EXPORT_PAGE = 500
FOUND_BY = {
    "number": gettext_lazy("单号"),
    "name": gettext_lazy("姓名"),
    "plate": gettext_lazy("号牌"),
    "vin": gettext_lazy("VIN"),
    "mobile": gettext_lazy("手机尾号"),
    "id_number": gettext_lazy("证件号"),
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as the list draws it."""

    number: str
    customer: str
    car: str
    amount_fen: int | None
    state: Badge
    step: str
    owner: str
    left: TimeBar | None
    opened_at: datetime
    closed_at: datetime | None
    created_by: str
    url: str


class CaseTable(Table):
    """The list of cases."""

    key = "cases"
    caption = gettext_lazy("案件")
    empty = EmptyState(
        gettext_lazy("还没有案件"),
        gettext_lazy("客户提交申请或客户经理录入后，案件会出现在这里。"),
        "file-text",
        gettext_lazy("新建申请"),
        "/desk/applications/new/",
    )
    columns = (
        Column("number", gettext_lazy("单号"), Kind.LINK, sort="number", is_optional=False),
        Column("customer", gettext_lazy("客户")),
        Column("car", gettext_lazy("车辆")),
        Column("amount_fen", gettext_lazy("贷款额"), Kind.MONEY),
        Column("step", gettext_lazy("当前步骤")),
        Column("owner", gettext_lazy("经办")),
        Column("left", gettext_lazy("剩余"), Kind.TIME_BAR),
        Column("state", gettext_lazy("状态"), Kind.BADGE),
        Column("opened_at", gettext_lazy("开始"), Kind.MOMENT, sort="opened_at"),
        Column("closed_at", gettext_lazy("结束"), Kind.MOMENT, sort="closed_at", is_hidden=True),
        Column("created_by", gettext_lazy("发起"), is_hidden=True),
    )


def filters_of(query: QueryDict) -> CaseFilters:
    """What the address asks of the list."""
    standing = query.get("standing", "OPEN")
    known = {key for key, _words in STANDINGS}
    standing = standing if standing in known else "OPEN"
    return CaseFilters("" if standing == "ALL" else standing, query.get("stage", "")[:40], PROCESS)


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The list, filtered, sorted and paged by the database."""
    actor, now = staff_of(request), moment_of(request)
    filters, wish = filters_of(request.GET), CaseTable.read(request.GET)
    order = wish.order_by("-opened_at", "-id")
    if order[-1] != "-id":
        order = (*order, "-id")
    found = cases(actor, filters, now, order_by=order, offset=wish.offset, limit=wish.limit)
    table = CaseTable(wish, _rows(found, actor), total=case_count(actor, filters, now))
    table.csv_url = reverse("desk:cases_export")
    chips = FilterChips(
        _("状态"),
        tuple(
            Chip(words, _with(request.GET, standing=key), (filters.standing or "ALL") == key)
            for key, words in STANDINGS
        ),
    )
    if not may_enter(actor):
        table.empty = replace(table.empty, action_label="", action_url="")
    stages = _stage_chips(request.GET, filters, timezone.localtime(now).date())
    context = {"table": table, "chips": chips, "stages": stages, "may_enter": may_enter(actor)}
    return render(request, "desk/cases.html", context)


def _stage_chips(query: QueryDict, filters: CaseFilters, today: date) -> FilterChips | None:
    """The stages of the process in force; a click on the chosen one takes the filter off."""
    row = in_force(PROCESS, today)
    if row is None:
        return None
    chips = tuple(
        Chip(
            _in(stage.title),
            _with(query, stage="" if filters.stage == stage.key else stage.key),
            filters.stage == stage.key,
        )
        for stage in definition_of(row).stages
    )
    return FilterChips(_("阶段"), chips)


def _with(query: QueryDict, **changes: str) -> str:
    """The address with something changed; empty takes it out, and the first page comes up again."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed[name] = value
        if not value:
            changed.pop(name)
    return f"?{changed.urlencode()}"


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole filtered list as a file, on record."""
    actor, now = staff_of(request), moment_of(request)
    filters = filters_of(request.GET)
    refused = operations.export_list(
        name=str(CaseTable.caption),
        rows=case_count(actor, filters, now),
        filters=request.GET.urlencode(),
        actor=actor,
        now=now,
    )
    if refused is not None:
        return errors.refused(request, refused)
    return csv_response(request, CaseTable, _every_row(actor, filters, now), filename="cases.csv")


def _every_row(actor: Actor, filters: CaseFilters, now: datetime) -> Iterator[CaseRow]:
    offset = 0
    while found := cases(actor, filters, now, offset=offset, limit=EXPORT_PAGE):
        yield from _rows(found, actor)
        offset += EXPORT_PAGE


def _rows(found: list[CaseLine], actor: Actor) -> list[CaseRow]:
    """Two statements more: customers' names, cars and amounts."""
    names = names_of((one.party_id for one in found if one.party_id is not None), actor)
    cars = wishes((one.case_id for one in found), actor)
    return [_row(one, names.get(one.party_id or 0, ""), *cars.get(one.case_id, ("", 0))) for one in found]


def case_rows(found: list[CaseLine]) -> list[CaseRow]:
    """Cases of one customer, whose name stands above them: no statement."""
    return [_row(one, "", "", 0) for one in found]


def _row(one: CaseLine, customer: str, car: str, amount_fen: int) -> CaseRow:
    first = one.open_steps[0] if one.open_steps else None
    more = f" +{len(one.open_steps) - 1}" if len(one.open_steps) > 1 else ""
    tone = Tone.INFO if one.closed_at is None else Tone.OK if one.status == "DISBURSED" else Tone.IDLE
    return CaseRow(
        number=one.number,
        customer=customer or "—",
        car=car or "—",
        amount_fen=amount_fen or None,
        state=Badge(_in(one.status_title), tone),
        step=f"{_in(first.title)}{more}" if first else "—",
        owner=first.owner_name if first and first.owner_name else "—",
        left=time_bar(first) if first else None,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        created_by=actor_name(one.created_by_name),
        url=reverse("desk:case", args=[one.number]),
    )


def _in(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


@require_safe
def show_board(request: HttpRequest) -> HttpResponse:
    """Stages as columns, cases as slim cards, missed targets first."""
    actor, now = staff_of(request), moment_of(request)
    lanes = board(PROCESS, actor, now)
    lines = iter(with_names([card for lane in lanes for card in lane.cards], actor))
    drawn = [(lane, _in(lane.title), [next(lines) for _card in lane.cards]) for lane in lanes]
    total = sum(lane.count for lane in lanes)
    context = {"lanes": drawn, "total": total, "may_enter": may_enter(actor)}
    return render(request, "desk/board.html", context)


@require_safe
def escalations(request: HttpRequest) -> HttpResponse:
    """What missed its target and went to the person's roles, with whose it is and who has it."""
    actor, now = staff_of(request), moment_of(request)
    found = escalated(actor)
    steps = with_names(steps_by_id([one.step_id for one in found], actor, now), actor)
    lines = {line.step_id: line for line in steps}
    rows = [(one, lines[one.step_id]) for one in found if one.step_id in lines]
    return render(request, "desk/escalated.html", {"rows": rows})


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The search from the top of every page: posted, and answered with an address without the text."""
    text = asked.asked_text(request.POST.get("q", ""))
    if text:
        word = asked.keep(request.session, text, now=moment_of(request))
        return redirect("desk:found", word)
    if request.GET:  # what somebody wrote into the address goes no further than this
        return redirect("desk:search")
    return render(request, "desk/search.html", {"rows": (), "searched": ""})


@require_safe
def found(request: HttpRequest, word: str) -> HttpResponse:
    """What was found: one exact case number opens at once, several hits are listed."""
    actor, text = staff_of(request), asked.kept(request.session, word, now=moment_of(request))
    if text is None:
        return render(request, "desk/search.html", {"rows": (), "searched": "", "is_over": True})
    hits = search(text, actor)
    if len(hits) == 1 and text.upper() == hits[0].number:
        return redirect("desk:case", hits[0].number)
    rows = [(hit, FOUND_BY.get(hit.found_by, "")) for hit in hits]
    return render(request, "desk/search.html", {"rows": rows, "searched": text, "is_short": len(text) == 1})
