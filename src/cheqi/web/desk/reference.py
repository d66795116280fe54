"""What the house goes by, to read: processes drawn with today's numbers, and products."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.text import Text
from cheqi.core.process.bpmn import export
from cheqi.core.process.definition import Definition, OwnerKind, Step
from cheqi.foundation.staff.roles import ROLES
from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.foundation.workflow.queries import step_figures, versions_of
from cheqi.records.applications.queries import counts_by_version
from cheqi.records.products.queries import all_versions
from cheqi.ui.requests import moment_of, staff_of

PROCESS = "application"
WIDTH, HEIGHT, GAP_X, GAP_Y, TOP, LEFT = 148, 62, 24, 18, 44, 14


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the drawing."""

    x: int
    y: int
    key: str
    title: str
    who: str
    target: str
    waiting: int
    late: int
    style: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The process as boxes in stages, arrows between them."""

    width: int
    height: int
    stages: tuple[tuple[int, str], ...]
    nodes: tuple[Node, ...]
    arrows: tuple[str, ...]


def _in(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """The application process as it is now, with what waits at each step, and its versions."""
    actor, now = staff_of(request), moment_of(request)
    today = timezone.localtime(now).date()
    row = in_force(PROCESS, today)
    if row is None:
        raise Http404
    definition = definition_of(row)
    figures = step_figures(PROCESS, actor, now)
    context = {
        "definition": definition,
        "title": _in(definition.title),
        "drawing": draw(definition, figures),
        "versions": versions_of(PROCESS, actor, today),
    }
    return render(request, "desk/process.html", context)


@require_safe
def bpmn(request: HttpRequest) -> HttpResponse:
    """The present version as BPMN 2.0."""
    staff_of(request)
    row = in_force(PROCESS, timezone.localtime(moment_of(request)).date())
    if row is None:
        raise Http404
    definition = definition_of(row)
    text = export(definition, get_language() or "zh-hans")
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    name = f"{definition.process}-v{definition.version}.bpmn"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def draw(definition: Definition, figures: dict[str, tuple[int, int]]) -> Drawing:
    """Stages as columns from left to right, steps below each other in their order, arrows along `after`."""
    places: dict[str, tuple[int, int]] = {}
    nodes = []
    deepest = 0
    for column, stage in enumerate(definition.stages):
        steps = [step for step in definition.steps if step.stage == stage.key]
        deepest = max(deepest, len(steps))
        for row, step in enumerate(steps):
            x, y = LEFT + column * (WIDTH + GAP_X), TOP + row * (HEIGHT + GAP_Y)
            places[step.key] = (x, y)
            nodes.append(_node(step, x, y, figures.get(step.key, (0, 0))))
    arrows = tuple(
        _arrow(places[before], places[step.key]) for step in definition.steps for before in step.after
    )
    columns = len(definition.stages)
    titles = tuple(
        (LEFT + place * (WIDTH + GAP_X), _in(stage.title)) for place, stage in enumerate(definition.stages)
    )
    return Drawing(
        width=2 * LEFT + columns * (WIDTH + GAP_X),
        height=TOP + deepest * (HEIGHT + GAP_Y),
        stages=titles,
        nodes=tuple(nodes),
        arrows=arrows,
    )


def _node(step: Step, x: int, y: int, figures: tuple[int, int]) -> Node:
    role = ROLES.get(step.owner.role)
    words = {OwnerKind.CUSTOMER: _("客户"), OwnerKind.SYSTEM: _("系统")}
    who = words.get(step.owner.kind) or (_in(role.title) if role else step.owner.role)
    style = {OwnerKind.CUSTOMER: "customer", OwnerKind.SYSTEM: "system"}.get(step.owner.kind, "role")
    return Node(x, y, step.key, _in(step.title), str(who), _span(step.target), *figures, style)


def _span(target: Duration | None) -> str:
    """How long a step may take: 4 小时, 3 个工作日, 2 天 by the wall's clock."""
    if target is None:
        return _("不限时")
    words = {
        Unit.MINUTE: _("%(n)s 分钟"),
        Unit.CALENDAR_MINUTE: _("%(n)s 分钟"),
        Unit.HOUR: _("%(n)s 小时"),
        Unit.CALENDAR_HOUR: _("%(n)s 小时"),
        Unit.DAY: _("%(n)s 个工作日"),
        Unit.CALENDAR_DAY: _("%(n)s 天"),
    }
    return words[target.unit] % {"n": target.amount}


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A soft curve from the right of one box to the left of the next; within a column down its side."""
    middle = HEIGHT // 2
    if start[0] == end[0]:
        x, y1, y2 = start[0] + WIDTH, start[1] + middle, end[1] + middle
        return f"M{x} {y1}C{x + 22} {y1} {x + 22} {y2} {x} {y2}"
    x1, y1, x2, y2 = start[0] + WIDTH, start[1] + middle, end[0], end[1] + middle
    bend = max((x2 - x1) // 2, 12)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """Products with their versions and how many applications each has."""
    actor = staff_of(request)
    counts = counts_by_version(actor)
    today = timezone.localtime(moment_of(request)).date()
    rows = [
        {
            "version": one,
            "name": one.product.name_en if _is_english() else one.product.name_zh,
            "applications": counts.get(one.pk, 0),
            "is_now": one.effective_from <= today
            and (one.effective_until is None or one.effective_until > today),
        }
        for one in all_versions(actor)
    ]
    return render(request, "desk/products.html", {"rows": rows})


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
