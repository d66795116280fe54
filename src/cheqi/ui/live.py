"""Fragments that poll: the same content costs a 304.

A view renders its fragment and gives it to `fragment`; the entity tag is the hash of what would be shown, so
the region swaps only when a person would see a difference.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string


def fragment(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The rendered fragment, or 304 when the asker already has it. Kept by nobody on the way."""
    body = render_to_string(template, dict(context), request=request)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    same = request.headers.get("If-None-Match", "") == tag
    response: HttpResponse = HttpResponseNotModified() if same else HttpResponse(body)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response
