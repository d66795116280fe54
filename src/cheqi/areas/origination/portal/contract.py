"""The contract: its key terms, the PDF, signing with a code, declining; and the files afterwards."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.areas.origination.operations.declining import decline_signature
from cheqi.areas.origination.operations.signing import (
    CONSENT,
    STEP,
    STEP_OF_OTHERS,
    confirm_signing_code,
    decline_contract,
    request_signing_code,
    show_contract,
    sign_contract,
    signing_case,
)
from cheqi.areas.origination.portal.codes import CodeForm
from cheqi.areas.origination.portal.common import (
    case_of,
    customer_of,
    not_now,
    pending_code,
    remember_code,
    resend_in,
)
from cheqi.areas.origination.portal.schedule import schedule_pdf
from cheqi.areas.origination.queries import case_id_of
from cheqi.core.base.findings import Refused
from cheqi.core.base.rates import format_percent
from cheqi.core.loan.schedule import Schedule
from cheqi.foundation.paper.queries import PaperRow, SideRow, download, papers_of
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.agreements.models import Agreement
from cheqi.records.agreements.queries import live_for, schedule
from cheqi.records.applications.queries import by_case
from cheqi.records.products.choices import RepaymentMethod
from cheqi.ui import errors
from cheqi.ui.gates import logged_in_only
from cheqi.ui.requests import address_of, key_of, moment_of


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What one signs, at a glance."""

    agreement: Agreement
    plan: Schedule
    lender: str

    @property
    def fees_fen(self) -> int:
        """Every fee of the agreement."""
        return sum(int(fee["amount_fen"]) for fee in self.agreement.fees)

    @property
    def cost_fen(self) -> int:
        """Interest and fees."""
        return self.plan.total_interest_fen + self.fees_fen

    @property
    def total_fen(self) -> int:
        """All that is paid."""
        return self.plan.total_fen + self.fees_fen

    @property
    def annual_rate(self) -> str:
        """By IRR, as people read it."""
        return format_percent(self.agreement.annual_rate)

    @property
    def method(self) -> str:
        """How it is repaid."""
        return str(RepaymentMethod(self.plan.terms.method.value).label)


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Key terms and the way to the PDF; sending it asks for a code, or signs with the code that came."""
    case = _case(request, number)
    paper = _paper(request, case)
    if paper is None or not can_be_signed(case):
        return errors.refused(request, _closed(case))
    if request.method != "POST":
        return _page(request, case, paper, CodeForm())
    if request.POST.get("wish") == "code":
        return _ask(request, case, paper)
    return _sign(request, case, paper)


def _case(request: HttpRequest, number: str) -> CaseRecord:
    """The case for its customer, and for whoever else signs its contract. Raises Http404."""
    found = case_id_of(number.upper())
    case = signing_case(found, customer_of(request)) if found is not None else None
    if case is None or isinstance(case, Refused):
        raise Http404
    return case


def can_be_signed(case: CaseRecord) -> bool:
    """Whether the contract waits for somebody's signature."""
    return case.is_at(STEP) or case.is_at(STEP_OF_OTHERS)


def _mine(request: HttpRequest, paper: PaperRow) -> SideRow | None:
    """One's own side of the contract."""
    me = customer_of(request).scope.party_id
    return next((side for side in paper.sides if side.party_id == me), None)


def _has_read(request: HttpRequest, paper: PaperRow) -> bool:
    """Whether this person opened the version that there is now."""
    mine = _mine(request, paper)
    return mine is not None and mine.shown_sha256 == paper.sha256


def _back_url(request: HttpRequest, case: CaseRecord) -> str:
    is_own = case.party_id == customer_of(request).scope.party_id
    return reverse("portal:case" if is_own else "portal:part", args=(case.number,))


def _closed(case: CaseRecord) -> Refused:
    if case.outcome_of(STEP) == "sign":
        return not_now("您已经签过字了，进度页能看到下一步", "You have signed already; see the progress page")
    return not_now(
        "现在没有要签的合同，请回到进度页查看", "There is nothing to sign now; see the progress page"
    )


def _ask(request: HttpRequest, case: CaseRecord, paper: PaperRow) -> HttpResponse:
    if not _has_read(request, paper) or request.POST.get("read") != "yes":
        refused = not_now(
            "请先打开合同全文，看过后勾选「我已阅读」",
            "Open the whole contract first, then tick that you read it",
        )
        return _page(request, case, paper, CodeForm.refusing(refused), status=422)
    asked = request_signing_code(
        case_id=case.id, actor=customer_of(request), now=moment_of(request), address=address_of(request)
    )
    if isinstance(asked, Refused):
        return _page(request, case, paper, CodeForm.refusing(asked), status=errors.form_status(asked))
    remember_code(request, _act(case), asked)
    return redirect("apply:contract", number=case.number)


def _sign(request: HttpRequest, case: CaseRecord, paper: PaperRow) -> HttpResponse:
    confirmed = _confirmed(request, case, paper)
    if isinstance(confirmed, HttpResponse):
        return confirmed
    done = sign_contract(
        case_id=case.id,
        confirmation_id=confirmed,
        pdf_sha256=request.POST.get("shown", ""),
        actor=customer_of(request),
        now=moment_of(request),
        device=request.headers.get("User-Agent", "")[:200],
        key=key_of(request),
    )
    if isinstance(done, Refused):
        return _page(request, case, paper, CodeForm.refusing(done), status=errors.STATUS[done.kind])
    for key in (_act(case), _done(case)):
        request.session.pop(key, None)
    waits = _("签署完成，我们正在签章") if done.is_complete else _("您已签字，等其他签署人签完后继续")
    messages.success(request, waits)
    return redirect("portal:home")


def _confirmed(request: HttpRequest, case: CaseRecord, paper: PaperRow) -> int | HttpResponse:
    """The confirmation by code; one that was given stays, so that signing can be tried again."""
    kept = request.session.get(_done(case))
    if isinstance(kept, int):
        return kept
    form, challenge = CodeForm(request.POST), pending_code(request, _act(case))
    if challenge is None or not form.is_valid():
        return _page(request, case, paper, form, status=422)
    confirmed = confirm_signing_code(
        case_id=case.id,
        challenge=challenge,
        code=form.cleaned_data["code"],
        actor=customer_of(request),
        now=moment_of(request),
        address=address_of(request),
    )
    if isinstance(confirmed, Refused):
        status = errors.form_status(confirmed)
        return _page(request, case, paper, CodeForm.refusing(confirmed), status=status)
    request.session[_done(case)] = confirmed.pk
    return int(confirmed.pk)


@logged_in_only
@require_POST
def say_no(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant does not want the contract and the application ends; somebody beside them does not, and
    it goes to the client manager."""
    case = _case(request, number)
    if case.party_id != customer_of(request).scope.party_id:
        said = decline_signature(case_id=case.id, actor=customer_of(request), now=moment_of(request))
        if isinstance(said, Refused):
            return errors.refused(request, said)
        messages.success(request, _("已记下您不同意签字"))
        return redirect("portal:part", number=case.number)
    done = decline_contract(
        case_id=case.id, actor=customer_of(request), now=moment_of(request), key=key_of(request)
    )
    if isinstance(done, Refused):
        return errors.refused(request, done)
    return redirect("portal:case", number=case.number)


@logged_in_only
@require_safe
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The newest PDF of the contract; while it waits for a signature, that it was opened is noted."""
    case, actor = _case(request, number), customer_of(request)
    paper = _paper(request, case)
    if paper is None:
        raise Http404
    if can_be_signed(case):
        shown = show_contract(case_id=case.id, actor=actor, now=moment_of(request))
        if isinstance(shown, Refused):
            return errors.refused(request, shown)
    found = download(paper.id, actor, moment_of(request))
    if found is None:
        raise Http404
    return _file(found.content, f"{paper.number}.pdf")


@logged_in_only
@require_safe
def schedule_file(request: HttpRequest, number: str) -> HttpResponse:
    """The repayment schedule as a PDF."""
    case, actor = case_of(request, number), customer_of(request)
    application = by_case(case.id, actor)
    agreement = live_for(application.pk, actor) if application else None
    if application is None or agreement is None:
        raise Http404
    return _file(schedule_pdf(agreement, application, moment_of(request)), f"{agreement.number}-plan.pdf")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _paper(request: HttpRequest, case: CaseRecord) -> PaperRow | None:
    """The contract in force of the case."""
    wanted = case.data_of("prepare_contract").get("paper_id")
    return next((row for row in papers_of(case.id, customer_of(request)) if row.id == wanted), None)


def _act(case: CaseRecord) -> str:
    return f"sign:{case.number}"


def _done(case: CaseRecord) -> str:
    return f"signed-by-code:{case.number}"


def _page(
    request: HttpRequest, case: CaseRecord, paper: PaperRow, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    actor = customer_of(request)
    application = by_case(case.id, actor)
    agreement = live_for(application.pk, actor) if application else None
    if agreement is None:
        raise Http404
    me = _mine(request, paper)
    context = {
        "case": case,
        "paper": paper,
        "form": form,
        "terms": KeyTerms(agreement, schedule(agreement), settings.LENDER_NAME),
        "consent": CONSENT,
        "back_url": _back_url(request, case),
        "is_own": case.party_id == actor.scope.party_id,
        "has_read": _has_read(request, paper),
        "has_signed": me is not None and me.signed_at is not None,
        "has_code": pending_code(request, _act(case)) is not None,
        "is_confirmed": isinstance(request.session.get(_done(case)), int),
        "resend_s": resend_in(request, _act(case)),
    }
    return render(request, "origination/portal/contract.html", context, status=status)
