"""Webhooks: where the client is told, of what, how it went, and a test.

A delivery is `{"type", "id", "occurred_at", "data"}`, signed; how to check it: docs/areas/api.md.
"""

import secrets
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from cheqi.core.base.findings import Refused
from cheqi.foundation.access.models import WebhookEndpoint
from cheqi.foundation.access.operations import (
    NewEndpoint,
    add_own_endpoint,
    end_own_endpoint,
    tell_endpoint,
)
from cheqi.web.api.answers import Routes, call_of
from cheqi.web.api.pages import Cursor, Id, Limit, cut, decode
from cheqi.web.api.queries import client_of, deliveries, endpoint, endpoints
from cheqi.web.api.shapes import AT, Done

router = Router(tags=["webhooks"])
routes = Routes(router)
EventType = Literal["case.opened", "case.moved", "case.closed", "document.rejected", "loan.disbursed"]
EndpointId = Annotated[Id, Path(examples=[3])]
TEST = "webhook.test"


class NewEndpointShape(Schema):
    """An address (https, or http on the same machine) and the event types it wants."""

    url: str = Field(min_length=8, max_length=300, examples=["https://dealer.example/cheqi"])
    event_types: list[EventType] = Field(min_length=1, max_length=5, examples=[["case.moved"]])


class EndpointShape(Schema):
    """An endpoint. Its secret is shown once, when it is made."""

    id: int = Field(examples=[3])
    url: str = Field(examples=["https://dealer.example/cheqi"])
    event_types: list[str] = Field(examples=[["case.moved"]])
    is_active: bool = True
    secret_last4: str = Field(examples=["x9Qa"])
    created_at: datetime = Field(examples=[AT])


class EndpointMade(EndpointShape):
    """A new endpoint with its secret: keep it, it is not shown again."""

    secret: str = Field(examples=["whsec_…"])


class EndpointList(Schema):
    """The client's endpoints, oldest first."""

    items: list[EndpointShape]


class DeliveryShape(Schema):
    """How one delivery went."""

    id: int = Field(examples=[41])
    event_type: str = Field(examples=["case.moved"])
    state: str = Field(description="WAITING, DELIVERED or DEAD", examples=["DELIVERED"])
    attempts: int = Field(examples=[1])
    last_status: int | None = Field(default=None, examples=[204])
    last_error: str = ""
    created_at: datetime = Field(examples=[AT])
    delivered_at: datetime | None = None


class DeliveryPage(Schema):
    """A page of deliveries, newest first."""

    items: list[DeliveryShape]
    next_cursor: str | None = None


@routes.get("", scope="webhooks:manage", answer=EndpointList, summary="Endpoints")
def list_endpoints(request: HttpRequest) -> EndpointList:
    """Where this client is told."""
    return EndpointList(items=[_endpoint(each) for each in endpoints(call_of(request).actor)])


@routes.post("", scope="webhooks:manage", answer=EndpointMade, status=201, summary="Add an endpoint")
def add_webhook(request: HttpRequest, body: NewEndpointShape) -> EndpointMade | Refused:
    """Tells this address from now on."""
    call = call_of(request)
    made = add_own_endpoint(
        client_of(call.actor), url=body.url, event_types=body.event_types, actor=call.actor, now=call.now
    )
    if not isinstance(made, NewEndpoint):
        return made
    shape = _endpoint(endpoint(made.endpoint_id, call.actor))
    return EndpointMade(**shape.model_dump(), secret=made.secret)


@routes.delete("{endpoint_id}", scope="webhooks:manage", answer=Done, summary="End an endpoint")
def end_webhook(request: HttpRequest, endpoint_id: EndpointId) -> Done:
    """Nothing more is sent to it; what was sent stays on record."""
    call = call_of(request)
    end_own_endpoint(endpoint(endpoint_id, call.actor), actor=call.actor)
    return Done()


@routes.get("{endpoint_id}/deliveries", scope="webhooks:manage", answer=DeliveryPage, summary="Deliveries")
def list_deliveries(
    request: HttpRequest, endpoint_id: EndpointId, cursor: Cursor, limit: Limit
) -> DeliveryPage:
    """What went to an endpoint and how, newest first."""
    call = call_of(request)
    one = endpoint(endpoint_id, call.actor)
    rows = deliveries(one.pk, call.actor, before=decode(cursor), limit=limit + 1)
    page, following = cut(rows, limit, lambda row: int(row.pk))
    items = [DeliveryShape.model_validate(row, from_attributes=True) for row in page]
    return DeliveryPage(items=items, next_cursor=following)


@routes.post("{endpoint_id}/test", scope="webhooks:manage", answer=Done, status=202, summary="Send a test")
def test_webhook(request: HttpRequest, endpoint_id: EndpointId) -> Done:
    """Puts a delivery of the type `webhook.test` on its way."""
    call = call_of(request)
    name = secrets.token_hex(8)
    body = {"type": TEST, "id": name, "occurred_at": call.now.isoformat(), "data": {}}
    tell_endpoint(endpoint(endpoint_id, call.actor), TEST, body, key=f"test:{name}", now=call.now)
    return Done()


def _endpoint(row: WebhookEndpoint) -> EndpointShape:
    return EndpointShape.model_validate(row, from_attributes=True)
