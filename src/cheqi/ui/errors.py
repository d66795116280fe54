"""Error pages and refusals: what happened, and what to do next.

A refusal of an operation becomes a page, or a message beside the button for an htmx request:
`refused(request, result)`. Its status comes from the refusal's kind (INVALID 422, NOT_ALLOWED 403,
NOT_FOUND 404, NOT_NOW and CONFLICT 409, TOO_MANY 429).
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.ui.forms import said

STEP_UP_RULE = "staff.step_up"
STATUS = {
    RefusalKind.INVALID: 422,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.NOT_NOW: 409,
    RefusalKind.CONFLICT: 409,
    RefusalKind.TOO_MANY: 429,
}


@dataclass(frozen=True, slots=True)
class Words:
    """The sentence of an error page and the way out of it."""

    title: str | Promise
    text: str | Promise
    icon: str = "alert-triangle"


WORDS = {
    400: Words(_("这个请求我们没看懂"), _("链接可能不完整。请返回上一页重新操作，或从首页进入。")),
    403: Words(
        _("您没有权限做这一步"),
        _("如果这是您的工作，请联系主管开通；如果页面放了很久，请刷新后重试。"),
        "lock",
    ),
    404: Words(
        _("没有找到这个页面"),
        _("它可能已移走，或不在您可以查看的范围内。请核对单号，或从首页进入。"),
        "search",
    ),
    409: Words(
        _("情况刚刚变了"), _("别人可能先办了这一步。请返回并刷新页面，看过最新情况再操作。"), "refresh"
    ),
    413: Words(
        _("文件太大"), _("单个文件不能超过 20 MB。请用手机重新拍照，或压缩后再上传。"), "cloud-upload"
    ),
    422: Words(_("有内容需要更正"), _("请按提示修改后再提交，您填写的其他内容都还在。"), "edit"),
    429: Words(_("操作太频繁"), _("为了账户安全，请稍等几分钟再试。"), "clock"),
    500: Words(_("系统出了问题"), _("我们已收到报告。您已提交的内容不会丢失，请几分钟后重试。")),
}


def page(
    request: HttpRequest, status: int, sentences: tuple[str, ...] = (), *, step_up_url: str = ""
) -> HttpResponse:
    """The error page of a status; `sentences` replace the general text.

    An htmx request gets them as a toast.
    """
    words = WORDS[status]
    context = {
        "status": status,
        "words": words,
        "sentences": sentences,
        "step_up_url": step_up_url,
        "is_desk": request.path.startswith("/desk/"),
        "back_url": _came_from(request),
    }
    response = render(request, "ui/errors/page.html", context, status=status)
    if request.headers.get("HX-Request"):
        response.headers["X-Message"] = quote("".join(sentences) or f"{words.title}。{words.text}")
    return response


def form_status(refusal: Refused) -> int:
    """For a form shown again with what was refused in it: 429 for a lock, 422 for all else."""
    return 429 if refusal.kind is RefusalKind.TOO_MANY else 422


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Every finding of a refusal, under the status of its kind."""
    sentences = tuple(said(finding) for finding in refusal.findings)
    asks = any(finding.rule == STEP_UP_RULE for finding in refusal.findings)
    return page(request, STATUS[refusal.kind], sentences, step_up_url=_step_up_url(request, asks=asks))


def _step_up_url(request: HttpRequest, *, asks: bool) -> str:
    """Where a fresh code is given, coming back to the page that the button was on."""
    if not asks:
        return ""
    return f"{reverse('desk:step_up')}?{urlencode({'next': _came_from(request) or request.path})}"


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the person was on before, with its filters; empty when it is the refused one."""
    before = urlsplit(request.headers.get("Referer", ""))
    is_this = before.path == request.path and request.method in {"GET", "HEAD"}
    if before.netloc != request.get_host() or not before.path or is_this:
        return ""
    return f"{before.path}?{before.query}" if before.query else before.path


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the body was too large."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that has been open too long or came from elsewhere."""
    return page(request, 403, (str(_("页面放得太久，已失效。请返回并刷新页面，再提交一次。")),))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; the page needs no database."""
    return page(request, 500)
