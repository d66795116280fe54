"""The log for those who check access: who did what to which case or person, when, and what proves it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.events.base import REGISTRY
from cheqi.foundation.eventlog.audit import (
    LogFilters,
    Mark,
    checked_entry,
    every_entry,
    log_count,
    log_page,
)
from cheqi.foundation.staff.queries import ids_named
from cheqi.foundation.staff.roles import ROLES, Permission, may
from cheqi.ui import errors
from cheqi.ui.parts import Chip, FilterChips
from cheqi.ui.requests import moment_of, staff_of
from cheqi.ui.tables import Column, Kind, Table, csv_response
from cheqi.web.desk import operations
from cheqi.web.desk.audit_kinds import KINDS, types_of
from cheqi.web.desk.audit_lines import AuditLine, lines
from cheqi.web.desk.queries import case_numbered

PAGE = 50
CHECKERS = frozenset(
    key for key, role in ROLES.items() if Permission.READ_RECORDS_OF_ACCESS in role.permissions
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, what it means to the log, and what of it could not be understood."""

    kind: str
    who: str
    case: str
    first: date | None
    last: date | None
    filters: LogFilters
    problems: tuple[str, ...]

    @property
    def is_narrowed(self) -> bool:
        """Something is asked for beyond the kind, so that an empty list may only mean that nothing fits."""
        return bool(self.kind or self.who or self.case or self.first or self.last)


class AuditTable(Table):
    """The columns of the file."""

    key = "audit"
    caption = gettext_lazy("审计日志")
    columns = (
        Column("at", gettext_lazy("发生时间"), Kind.MOMENT),
        Column("recorded_at", gettext_lazy("记录时间"), Kind.MOMENT),
        Column("kind", gettext_lazy("类别")),
        Column("who", gettext_lazy("操作人")),
        Column("acting_for", gettext_lazy("代理")),
        Column("sentence", gettext_lazy("事项")),
        Column("number", gettext_lazy("单号")),
        Column("about", gettext_lazy("当事人")),
        Column("sealed", gettext_lazy("日志序号")),
        Column("commitment", gettext_lazy("内容指纹")),
    )


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One page of the log, newest first, narrowed by kind, colleague, case and day."""
    actor = staff_of(request)
    if (refusal := _barred(request, actor)) is not None:
        return refusal
    asked = read(request.GET, actor)
    found = [] if asked.problems else log_page(asked.filters, actor, limit=PAGE + 1)
    shown = found[:PAGE]
    older = str(Mark(shown[-1].occurred_at, shown[-1].id)) if len(found) > PAGE else ""
    context = {
        "lines": lines(shown, actor),
        "asked": asked,
        "chips": _chips(request.GET, asked.kind),
        "older": older,
        "is_first": asked.filters.behind is None,
        "may_export": may(actor, Permission.EXPORT) and bool(shown),
        "export_url": f"{reverse('desk:audit_export')}?{_query(request.GET)}",
    }
    return render(request, "desk/audit.html", context, status=422 if asked.problems else 200)


@require_safe
def entry(request: HttpRequest, event_id: int) -> HttpResponse:
    """One entry with what proves it: its seal, the checkpoint that it is in, the way to the evidence."""
    actor = staff_of(request)
    if (refusal := _barred(request, actor)) is not None:
        return refusal
    found = checked_entry(event_id, actor)
    if found is None:
        raise Http404
    logged, proof = found
    context = {"line": lines([logged], actor)[0], "logged": logged, "proof": proof}
    return render(request, "desk/audit_entry.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The narrowed log as a file, on record."""
    actor, now = staff_of(request), moment_of(request)
    if (refusal := _barred(request, actor)) is not None:
        return refusal
    asked = read(request.GET, actor)
    if asked.problems:
        return errors.page(request, 422, asked.problems)
    filters = replace(asked.filters, behind=None)
    refused = operations.export_list(
        name=str(AuditTable.caption),
        rows=log_count(filters, actor),
        filters=_query(request.GET),
        actor=actor,
        now=now,
    )
    if refused is not None:
        return errors.refused(request, refused)
    return csv_response(request, AuditTable, _every_line(filters, actor), filename="audit.csv")


def read(query: QueryDict, actor: Actor) -> Asked:
    """The address as filters; a colleague and a case are looked up, each in one statement."""
    kind, problems = query.get("kind", ""), list[str]()
    who, case = query.get("who", "").strip()[:40], query.get("case", "").strip().upper()[:40]
    first, last = _day(query, "from", problems), _day(query, "until", problems)
    if first and last and last < first:
        problems.append(_("结束日期早于开始日期，请调整"))
    members = ids_named(who) if who else None
    if members == ():
        problems.append(_("没有叫「%(who)s」的同事，请填写完整姓名或账号") % {"who": who})
    case_id = case_numbered(case, actor) if case else None
    if case and case_id is None:
        problems.append(_("没有找到单号 %(number)s，请核对") % {"number": case})
    filters = LogFilters(
        types=types_of(kind, REGISTRY),
        member_ids=members,
        case_id=case_id,
        since=_start_of(first) if first else None,
        until=_start_of(last + timedelta(days=1)) if last else None,
        behind=Mark.read(query.get("behind", "")),
    )
    return Asked(kind if filters.types else "", who, case, first, last, filters, tuple(problems))


def _day(query: QueryDict, name: str, problems: list[str]) -> date | None:
    """A day of the address; the last possible one is none, since the day after it could not be asked for."""
    text = query.get(name, "")
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if text and (found is None or not date.min < found < date.max):
        problems.append(_("日期「%(text)s」看不懂，请用 2026-11-23 这样的写法") % {"text": text[:20]})
        return None
    return found


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _chips(query: QueryDict, chosen: str) -> FilterChips:
    language = get_language() or "zh-hans"
    every = Chip(_("全部"), f"?{_query(query, kind='')}", not chosen)
    kinds = (
        Chip(kind.title.in_language(language), f"?{_query(query, kind=kind.key)}", chosen == kind.key)
        for kind in KINDS
    )
    return FilterChips(_("类别"), (every, *kinds))


def _query(query: QueryDict, **changes: str) -> str:
    """The filters as an address, from the newest entry on; empty ones are left out."""
    changed = query.copy()
    changed.pop("behind", None)
    for name, value in changes.items():
        changed[name] = value
    for name in [each for each in changed if not changed[each]]:
        changed.pop(name)
    return changed.urlencode()


def _every_line(filters: LogFilters, actor: Actor) -> Iterator[AuditLine]:
    for found in every_entry(filters, actor):
        yield from lines(found, actor)


def _barred(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    if may(actor, Permission.READ_RECORDS_OF_ACCESS):
        return None
    return errors.page(request, 403, (_("审计日志由运营经理、审计和系统管理员查看。"),))
