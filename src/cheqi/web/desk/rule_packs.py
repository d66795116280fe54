"""The rule packs to read: what is in force, each pack's rules, its history, and its cases run just now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cheqi.core.base.text import Text
from cheqi.foundation.rulebook.choices import VersionState
from cheqi.foundation.rulebook.history import PackEntry, history
from cheqi.foundation.rulebook.queries import packs, proposals
from cheqi.rules import Pack, run_cases
from cheqi.rules.differences import said_by
from cheqi.rules.model import Case, PackKind
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.requests import moment_of, staff_of


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of a pack: what is given, what follows, and whether it holds."""

    name: str
    given: str
    follows: tuple[str, ...]
    badge: Badge
    why: str


def kind_of(pack: Pack) -> str:
    """Who sets the rules, in words."""
    words = {PackKind.LAW: _("法规"), PackKind.REGION: _("地方规定"), PackKind.HOUSE: _("本机构政策")}
    return str(words[pack.kind])


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Rule packs in force, with source and clause, and what waits for a second person."""
    actor, now = staff_of(request), moment_of(request)
    found = [(one, kind_of(one)) for one in packs(timezone.localtime(now).date())]
    return render(request, "desk/rules.html", {"packs": found, "proposals": proposals(actor)})


@require_safe
def rule_pack(request: HttpRequest, name: str) -> HttpResponse:
    """One pack: its rules in force, every version with what it changed, its cases."""
    actor, today = staff_of(request), timezone.localtime(moment_of(request)).date()
    entries = history(name, actor)
    if not entries:
        raise Http404
    current = next((one for one in entries if _is_now(one, today)), entries[-1])
    language = get_language() or "zh-hans"
    context = {
        "pack": current.pack,
        "kind": kind_of(current.pack),
        "tables": _tables(current.pack, language),
        "values": _values(current.pack, today),
        "entries": [(one, _badge(one, today), [_in(each) for each in one.changes]) for one in entries],
        "cases": case_lines(current.pack),
    }
    return render(request, "desk/rule_pack.html", context)


def case_lines(pack: Pack) -> tuple[CaseLine, ...]:
    """The cases, each run now against the pack that they travel with."""
    failed = {problem.path.removeprefix("cases."): problem.message for problem in run_cases(pack)}
    return tuple(_case(pack, case, failed.get(case.name)) for case in pack.cases)


def _case(pack: Pack, case: Case, wrong: Text | None) -> CaseLine:
    table = pack.decisions.get(case.decision) or next(iter(pack.decisions.values()), None)
    rows = {row.key: row for row in table.rows} if table else {}
    follows = tuple(_in(said_by(rows[key])) for key in case.rows if key in rows)
    if case.parameter:
        follows = (f"{case.parameter} = {case.value}",)
    badge = Badge(_("不成立"), Tone.BAD) if wrong else Badge(_("成立"), Tone.OK)
    given = ", ".join(f"{name} = {_plain(value)}" for name, value in case.given.items())
    return CaseLine(case.name, given, follows or (_("没有命中规则"),), badge, _in(wrong) if wrong else "")


def _tables(pack: Pack, language: str) -> list[dict[str, Any]]:
    return [
        {
            "title": table.title.in_language(language),
            "rows": [
                {
                    "says": said_by(row).in_language(language),
                    "when": ", ".join(f"{name} {_plain(cell)}" for name, cell in row.when.items()),
                    "then": ", ".join(f"{name} = {_plain(value)}" for name, value in row.then.items()),
                    "clause": row.clause,
                }
                for row in table.rows
            ],
        }
        for table in pack.decisions.values()
    ]


def _values(pack: Pack, today: date) -> list[tuple[str, str, str]]:
    """Parameters and dated values: the name, what counts, and since when."""
    plain = [(name, _plain(value), "") for name, value in pack.parameters.items()]
    dated = []
    for name, steps in pack.series.items():
        counting = [one for one in steps if one.from_date <= today]
        if counting:
            dated.append((name, _plain(counting[-1].value), f"{counting[-1].from_date:%Y-%m-%d}"))
    return plain + dated


def _badge(entry: PackEntry, today: date) -> Badge:
    if not entry.is_published:
        state = VersionState(entry.state)
        return Badge(state.label, Tone(state.tone))
    if entry.pack.effective_from > today:
        return Badge(_("待生效"), Tone.INFO)
    return Badge(_("现行"), Tone.OK) if _is_now(entry, today) else Badge(_("已被取代"), Tone.IDLE)


def _is_now(entry: PackEntry, today: date) -> bool:
    has_begun = entry.is_published and entry.pack.effective_from <= today
    return has_begun and (entry.until is None or entry.until > today)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None:
        return "—"
    if isinstance(value, list | tuple):
        return " / ".join(_plain(one) for one in value)
    return str(value)


def _in(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")
