"""Running the house: what gave up (seen in words, tried again, discarded), outside systems, own messages."""

import re
from urllib.parse import urlsplit

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.exchanges import operations as exchanges
from cheqi.foundation.exchanges import queries as outside
from cheqi.foundation.jobs import operations as jobs
from cheqi.foundation.jobs import queries as background
from cheqi.foundation.messages import operations as messages
from cheqi.foundation.messages import queries as mail
from cheqi.foundation.messages.templating import catalogue
from cheqi.foundation.workflow.operations import acknowledge as take_note
from cheqi.ui import errors
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.forms import said
from cheqi.ui.requests import moment_of, staff_of
from cheqi.web.desk.discarding import confirm
from cheqi.web.desk.queries import numbers_of
from cheqi.web.wording import CHANNELS, SYSTEMS, TASKS

ADDRESS = re.compile(r"https?://\S+")
REDRIVES = {"jobs": jobs.redrive, "exchanges": exchanges.redrive, "messages": messages.redrive}
DISCARDS = {"jobs": jobs.discard, "exchanges": exchanges.discard, "messages": messages.discard}
CIRCUITS = {"CLOSED": Tone.OK, "OPEN": Tone.BAD, "HALF_OPEN": Tone.WARN}


def system_title(port: str) -> str:
    """An outside system by its name."""
    found = SYSTEMS.get(port)
    return found.in_language(get_language() or "zh-hans") if found else port


@require_safe
def failures(request: HttpRequest) -> HttpResponse:
    """Everything that gave up, and how outside systems and background work are doing."""
    actor, now = staff_of(request), moment_of(request)
    if not (outside.may_see(actor) or background.may_see_dead_letters(actor)):
        return errors.page(request, 403, (str(_("故障由运营经理和系统管理员处理。")),))
    systems = [
        (system_title(one.port), Badge(one.state.label, CIRCUITS.get(one.state.value, Tone.IDLE)), one)
        for one in outside.systems(actor)
    ]
    dead, letters = outside.dead_letters(actor), mail.dead_letters(actor)
    case_ids = [one.case_id for one in dead] + [one.case_id for one in letters]
    numbers = numbers_of(case_ids, actor)
    context = {
        "jobs": [(one, TASKS.get(one.task)) for one in background.dead_letters(actor)],
        "requests": [
            (
                one,
                outside.TITLES.get(f"{one.port}.{one.operation}"),
                system_title(one.port),
                numbers.get(one.case_id or 0, ""),
            )
            for one in dead
        ],
        "letters": [
            (
                one,
                catalogue()[one.template].title,
                CHANNELS.get(one.channel),
                numbers.get(one.case_id or 0, ""),
            )
            for one in letters
        ],
        "systems": systems,
        "health": background.health(actor, now=now),
        "may_handle": outside.may_handle(actor),
    }
    return render(request, "desk/failures.html", context)


@require_POST
def handle_failures(request: HttpRequest, kind: str) -> HttpResponse:
    """Tries the chosen ones again, or gives them up with a reason."""
    actor = staff_of(request)
    if kind not in REDRIVES:
        raise Http404
    ids = [int(one) for one in request.POST.getlist("id") if one.isdecimal()]
    if not ids:
        flash.error(request, _("请先选择要处理的项"))
        return redirect("desk:failures")
    is_discarding = request.POST.get("wish") == "discard"
    if is_discarding and "reason" not in request.POST:
        return confirm(request, kind, ids, actor) or redirect("desk:failures")
    result = _handled(request, kind, ids, actor)
    if isinstance(result, Refused):
        asks = is_discarding and result.kind is RefusalKind.INVALID
        again = confirm(request, kind, ids, actor, [said(one) for one in result.findings]) if asks else None
        return again or errors.refused(request, result)
    if is_discarding:
        flash.success(request, _("已放弃 %(n)s 项") % {"n": result})
    else:
        flash.success(request, _("已重新执行 %(n)s 项") % {"n": result})
    return redirect("desk:failures")


def _handled(request: HttpRequest, kind: str, ids: list[int], actor: Actor) -> int | Refused:
    now = moment_of(request)
    if request.POST.get("wish") == "discard":
        return DISCARDS[kind](ids, actor=actor, now=now, reason=request.POST.get("reason", "").strip()[:200])
    return REDRIVES[kind](ids, actor=actor, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages; a post marks all that are shown as read."""
    actor = staff_of(request)
    found = mail.inbox(actor)
    if request.method == "POST":
        messages.mark_read([one.id for one in found if not one.is_read], actor=actor, now=moment_of(request))
        return redirect("desk:messages")
    rows = [(one, *_without_address(one.text)) for one in found]
    context = {"rows": rows, "unread": sum(not one.is_read for one in found)}
    return render(request, "desk/messages.html", context)


def _without_address(text: str) -> tuple[str, str]:
    """A message's text without the address at its end, and the page at the desk that it leads to."""
    found = ADDRESS.search(text)
    path = urlsplit(found[0]).path if found else ""
    if not found or not path.startswith("/desk/"):
        return text, ""
    plain = (text[: found.start()] + text[found.end() :]).strip().rstrip("：:，,")
    return plain + _("。") if plain and plain[-1] not in "。." else plain, path


@require_POST
def acknowledge(request: HttpRequest, escalation_id: int) -> HttpResponse:
    """Takes care of what escalated."""
    done = take_note(escalation_id, actor=staff_of(request), now=moment_of(request))
    if isinstance(done, Refused):
        return errors.refused(request, done)
    flash.success(request, _("已记下由您跟进"))
    return redirect("desk:escalated")
