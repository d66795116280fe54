"""Where outside systems push results in: `POST /api/v1/pushes/{source}`, authenticated by signature."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.exchanges import operations

STATUS = {RefusalKind.NOT_FOUND: 404, RefusalKind.NOT_ALLOWED: 401}


@csrf_exempt
@require_POST
def push(request: HttpRequest, source: str) -> HttpResponse:
    """Takes one push: 204 when it is kept, also when it was here before; 401 or 404 without a why."""
    taken = operations.receive(source, headers=request.headers, body=request.body, now=timezone.now())
    if isinstance(taken, Refused):
        return JsonResponse({"code": taken.findings[0].rule}, status=STATUS[taken.kind])
    return HttpResponse(status=204)
