"""The desk's own pages: where the mark leads, and the account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cheqi.ui.navigation import Place, shown


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the person's navigation, or the account where there is none yet."""
    entries = shown(Place.DESK, request.path, getattr(request, "actor", None))
    return redirect(entries[0].url if entries else "desk:account")
