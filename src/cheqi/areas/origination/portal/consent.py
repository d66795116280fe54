"""The consent to the credit enquiry: the whole text, a code, agreeing or declining."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cheqi.areas.origination.crediting import Asked
from cheqi.areas.origination.operations.consents import (
    STEP,
    authorise,
    consent_of,
    consent_text,
    decline,
    request_consent_code,
)
from cheqi.areas.origination.operations.declining import decline_consent
from cheqi.areas.origination.portal.codes import CodeForm
from cheqi.areas.origination.portal.common import (
    case_of,
    customer_of,
    not_now,
    pending_code,
    remember_code,
    resend_in,
)
from cheqi.areas.origination.queries import case_id_of, has_declined
from cheqi.core.base.findings import Refused
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.ui import errors
from cheqi.ui.gates import logged_in_only
from cheqi.ui.requests import address_of, key_of, moment_of


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The text; sending it asks for a code, or confirms with the code that came."""
    case, mine = _mine(request, number)
    if mine is None or not is_asked(case, mine):
        return errors.refused(request, _closed(mine))
    if request.method != "POST":
        return _page(request, case, mine, CodeForm())
    if request.POST.get("wish") == "code":
        return _ask(request, case, mine)
    return _agree(request, case, mine)


def _mine(request: HttpRequest, number: str) -> tuple[CaseRecord, Asked | None]:
    """The case and whose consent it is: the applicant's, or that of who is asked about too.

    Before the application is sent there is nobody to ask. Raises Http404.
    """
    found = case_id_of(number.upper())
    mine = consent_of(found, customer_of(request)) if found is not None else None
    loaded = load_case(found) if found is not None else None
    if loaded is None or mine is None or isinstance(mine, Refused):
        return case_of(request, number), None
    return loaded.record, mine


def is_asked(case: CaseRecord, mine: Asked) -> bool:
    """Whether the consent can be given now: the applicant's while their step is open, the others' until the
    bureau has been asked."""
    if mine.is_applicant:
        return case.is_at(STEP)
    return case.state.is_open and mine.consent is None


def _back_url(case: CaseRecord, mine: Asked) -> str:
    return reverse("portal:case" if mine.is_applicant else "portal:part", args=(case.number,))


def _closed(mine: Asked | None) -> Refused:
    if mine is not None and mine.consent is not None:
        return not_now(
            "您已经授权过了，不用再做什么。进度页能看到下一步",
            "You have authorised it already; see the progress page",
        )
    return not_now(
        "现在不需要授权，请回到进度页查看", "No authorisation is needed now; see the progress page"
    )


def _ask(request: HttpRequest, case: CaseRecord, mine: Asked) -> HttpResponse:
    asked = request_consent_code(
        case_id=case.id, actor=customer_of(request), now=moment_of(request), address=address_of(request)
    )
    if isinstance(asked, Refused):
        return _page(request, case, mine, CodeForm.refusing(asked), status=errors.form_status(asked))
    remember_code(request, _act(case), asked)
    return redirect("apply:consent", number=case.number)


def _agree(request: HttpRequest, case: CaseRecord, mine: Asked) -> HttpResponse:
    form, challenge = CodeForm(request.POST), pending_code(request, _act(case))
    if challenge is None or not form.is_valid():
        return _page(request, case, mine, form, status=422)
    done = authorise(
        case_id=case.id,
        challenge=challenge,
        code=form.cleaned_data["code"],
        actor=customer_of(request),
        now=moment_of(request),
        address=address_of(request),
        key=key_of(request),
    )
    if isinstance(done, Refused):
        return _page(request, case, mine, CodeForm.refusing(done), status=errors.form_status(done))
    request.session.pop(_act(case), None)
    messages.success(request, _("已授权，谢谢"))
    return redirect(_back_url(case, mine))


@logged_in_only
@require_POST
def say_no(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant declines and the application ends; somebody beside them does, and it goes to the client
    manager."""
    case, mine = _mine(request, number)
    if mine is not None and not mine.is_applicant:
        said = decline_consent(case_id=case.id, actor=customer_of(request), now=moment_of(request))
        if isinstance(said, Refused):
            return errors.refused(request, said)
        messages.success(request, _("已记下您不同意，我们不会查询您的征信"))
        return redirect("portal:part", number=case.number)
    done = decline(case_id=case.id, actor=customer_of(request), now=moment_of(request), key=key_of(request))
    if isinstance(done, Refused):
        return errors.refused(request, done)
    return redirect("portal:case", number=case.number)


def _act(case: CaseRecord) -> str:
    return f"consent:{case.number}"


def _page(
    request: HttpRequest, case: CaseRecord, mine: Asked, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "case": case,
        "mine": mine,
        "back_url": _back_url(case, mine),
        "form": form,
        "text": consent_text(mine, moment_of(request)),
        "ends": mine.party.mobile_last4,
        "has_declined": has_declined(case.id, mine.party.pk),
        "has_code": pending_code(request, _act(case)) is not None,
        "resend_s": resend_in(request, _act(case)),
    }
    return render(request, "origination/portal/consent.html", context, status=status)
