"""Taking work, handing it over (one step or many, with a preview), and going on to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.process.assignment import Candidate
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow import operations
from cheqi.foundation.workflow.people import candidates
from cheqi.foundation.workflow.queries import QueueFilters, WorkLine, queue, steps_by_id
from cheqi.ui import errors
from cheqi.ui.forms import said
from cheqi.ui.requests import moment_of, next_of, staff_of
from cheqi.web.desk.case import record_of
from cheqi.web.desk.queries import with_names

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may take the chosen work, with what they have open."""

    id: str
    name: str
    open_count: int
    is_absent: bool


@require_safe
def next_item(request: HttpRequest) -> HttpResponse:
    """The most urgent item of one's own, or the empty queue."""
    actor = staff_of(request)
    found = queue(actor, QueueFilters(), moment_of(request)).lines
    if not found:
        return redirect("desk:queue")
    return redirect(f"{reverse('desk:case', args=[found[0].number])}?step={found[0].step}")


@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Takes a step for oneself."""
    actor, now = staff_of(request), moment_of(request)
    record = record_of(number, actor)
    step = request.POST.get("step", "")
    key = f"desk:claim:{number}:{step}:{record.version}"
    moved = operations.claim(case_id=record.id, step=step, actor=actor, now=now, key=key)
    if isinstance(moved, Refused):
        return errors.refused(request, moved)
    messages.success(request, _("已领取"))
    return redirect(next_of(request, reverse("desk:case", args=[number])))


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest) -> HttpResponse:
    """Who may take the chosen steps; then each is handed over, and what could not be is said."""
    actor, now = staff_of(request), moment_of(request)
    if not may(actor, Permission.REASSIGN):
        return errors.page(request, 403, (str(_("改派任务由高级审核员或运营经理办理。")),))
    asked = request.POST if request.method == "POST" else request.GET
    ids = [int(one) for one in asked.getlist("step") if one.isdecimal()][:MOST_AT_ONCE]
    lines = steps_by_id(ids, actor, now)
    if request.method == "POST" and lines:
        return _hand_over(request, actor, lines)
    people = _who_may(lines, request)
    context = {
        "lines": with_names(lines, actor),
        "people": people,
        "back": next_of(request, reverse("desk:queue")),
        "key": uuid4().hex,
    }
    return render(request, "desk/reassign.html", context)


def _hand_over(request: HttpRequest, actor: Actor, lines: list[WorkLine]) -> HttpResponse:
    member = request.POST.get("member", "")
    reason = request.POST.get("reason", "").strip()[:200]
    if not member.isdecimal() or not reason:
        messages.error(request, _("请选择同事并写明原因"))
        again = [("step", str(one.step_id)) for one in lines]
        again.append(("next", next_of(request, reverse("desk:queue"))))
        return redirect(f"{reverse('desk:reassign')}?{urlencode(again)}")
    done, refused = 0, list[str]()
    for line in lines:
        moved = operations.reassign(
            case_id=line.case_id,
            step=line.step,
            member_id=int(member),
            reason=reason,
            actor=actor,
            now=moment_of(request),
            key=f"desk:reassign:{request.POST.get('key', '')[:32]}:{line.step_id}",
        )
        if isinstance(moved, Refused):
            refused.append(f"{line.number}：{' '.join(said(one) for one in moved.findings)}")
        else:
            done += 1
    if done:
        messages.success(request, _("已转交 %(n)s 件") % {"n": done})
    for sentence in refused:
        messages.error(request, sentence)
    return redirect(next_of(request, reverse("desk:queue")))


def _who_may(lines: Iterable[WorkLine], request: HttpRequest) -> list[Colleague]:
    """Who holds the role of every chosen step at its branch."""
    wanted = sorted({(line.owner_role, line.branch_id) for line in lines}, key=str)
    found: dict[str, Candidate] = {}
    for place, (role, branch_id) in enumerate(wanted):
        here = {one.reference: one for one in candidates(role, branch_id, moment_of(request))}
        found = here if place == 0 else {key: one for key, one in found.items() if key in here}
    return [
        Colleague(one.reference.partition(":")[2], one.name, one.open_steps, one.is_absent)
        for one in sorted(found.values(), key=lambda one: (one.is_absent, one.open_steps, one.reference))
    ]
