"""The loan once it is paid out: what is owed when, and the papers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cheqi.areas.origination.portal.common import customer_of, local_of
from cheqi.core.base.rates import format_percent
from cheqi.foundation.workflow.queries import progress
from cheqi.records.loans.choices import LoanState
from cheqi.records.loans.queries import loan_by_number, loans_of
from cheqi.ui.gates import logged_in_only


@logged_in_only
@require_safe
def repayment(request: HttpRequest) -> HttpResponse:
    """The only loan, a list of them, or a page that says there is none."""
    actor = customer_of(request)
    found = loans_of(actor.scope.party_id or 0, actor)
    if len(found) == 1:
        return redirect("apply:loan", number=found[0].number)
    rows = [(loan, LoanState(loan.state)) for loan in found]
    return render(request, "origination/portal/loans.html", {"rows": rows})


@logged_in_only
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One loan with its schedule."""
    actor = customer_of(request)
    view = loan_by_number(number, actor)
    if view is None:
        raise Http404
    answer = progress(view.loan.case_id, actor) if view.loan.case_id else None
    context = {
        "view": view,
        "next": view.next_after(local_of(request).date()),
        "annual_rate": format_percent(view.loan.agreement.annual_rate),
        "case_number": view.loan.agreement.application.number if answer else "",
    }
    return render(request, "origination/portal/loan.html", context)
