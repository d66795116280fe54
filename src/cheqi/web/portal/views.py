"""The portal's own pages: where the mark leads, and what belongs to the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cheqi.ui.navigation import Place, shown
from cheqi.web.portal.gate import customers_only
from cheqi.web.requests import actor_of


@customers_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the thumb's navigation."""
    entries = shown(Place.PORTAL, request.path, actor_of(request))
    return redirect(entries[0].url if entries else "portal:me")


@customers_only
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The person's own page: language, help, leaving."""
    return render(request, "portal/me.html")
