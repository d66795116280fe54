"""What makes the portal installable on a phone: manifest, service worker, the page without a network.

The worker keeps no customer data: only the hashed files of the front end and the offline page.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cheqi.ui.assets import asset_url

ICON_SIZES = (192, 512)


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest."""
    icons = [
        {"src": static(f"ui/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
        for size in ICON_SIZES
        for use in ("any", "maskable")
    ]
    content = {
        "name": _("车契 · 车贷办理"),
        "short_name": _("车契"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f8",
        "theme_color": "#0b6b6b",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the addresses of this build."""
    context = {"files": [asset_url("portal.css"), reverse("portal:offline")]}
    return render(request, "portal/worker.js", context, content_type="text/javascript")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What stands where no page can be fetched."""
    return render(request, "portal/offline.html")
