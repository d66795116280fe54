"""Members of staff by a program: log-in with password and authenticator, step-up, the end of a session.

The token is a bearer of the header only, never a cookie, and it is answered once. Failed tries count together
with those at the desk; a code of the authenticator works once, at the desk or here.
"""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.staff import operations
from cheqi.foundation.staff.models import ApiSession, Member
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.staff.requires import STEP_UP_IS_FRESH_FOR
from cheqi.foundation.staff.roles import ROLES
from cheqi.foundation.staff.tokens import IDLE_FOR, live_sessions
from cheqi.ui.requests import address_of
from cheqi.web.api import shapes
from cheqi.web.api.answers import LANGUAGE_HEADER, Routes, call_of
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.frame import problem_response
from cheqi.web.api.scopes import STAFF
from cheqi.web.api.shapes import AT, Done

router = Router(tags=["staff: sessions"])
routes = Routes(router)
CURRENT = "current"
Code = Annotated[
    str,
    Field(pattern=r"^[0-9]{6}$", repr=False, examples=["246810"], json_schema_extra={"writeOnly": True}),
]
SessionId = Annotated[
    str, Path(pattern=r"^(current|[0-9a-f]{12})$", description="`current` or an id", examples=[CURRENT])
]


class LogIn(Schema):
    """Login, password and the code that the authenticator shows now. A recovery code is for the desk only."""

    login: str = Field(min_length=1, max_length=40, examples=["zhaolei"])
    password: str = Field(
        min_length=1,
        max_length=200,
        repr=False,
        examples=["…"],
        json_schema_extra={"format": "password", "writeOnly": True},
    )
    code: Code
    program: str = Field(
        default="", max_length=40, description="What the member reads in their list.", examples=["审批机器人"]
    )


class MemberShape(Schema):
    """Who the session acts as."""

    id: int = Field(examples=[4])
    name: str = Field(examples=["赵磊"])
    roles: list[str] = Field(examples=[["reviewer"]])
    branch_ids: list[int] = Field(description="Whose cases they see; empty with everything.", examples=[[1]])
    sees_everything: bool


class SessionShape(Schema):
    """A session. It ends at `ends_at`, or when it was not used for `idle_minutes`."""

    id: str = Field(examples=["9f2c61d0a4b7"])
    program: str = Field(examples=["审批机器人"])
    address: str = Field(examples=["127.0.0.1"])
    began_at: datetime = Field(examples=[AT])
    seen_at: datetime = Field(examples=[AT])
    ends_at: datetime = Field(examples=[AT])
    idle_minutes: int = Field(examples=[30])
    fresh_until: datetime = Field(
        description="Until then the second factor counts as fresh, for the payout.", examples=[AT]
    )
    is_this: bool = False


class Begun(SessionShape):
    """A session that began. The token is shown once."""

    token: str = Field(examples=["cs_9f2c61d0a4b7_…"])
    member: MemberShape


class SessionList(Schema):
    """The member's sessions, the latest used first."""

    items: list[SessionShape]


class FreshCode(Schema):
    """The code that the authenticator shows now; one that was used is refused."""

    code: Code


class Fresh(Schema):
    """The second factor is fresh."""

    fresh_until: datetime = Field(examples=[AT])


@router.post(
    "",
    auth=None,
    response={201: Begun, **dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), shapes.ErrorAnswer)},
    summary="Log in as a member of staff",
    operation_id="begin_staff_session",
    openapi_extra={"parameters": [dict(LANGUAGE_HEADER)]},
)
def begin_staff_session(request: HttpRequest, body: LogIn) -> HttpResponse:
    """A bearer token for a member of staff, who gave password and authenticator just now.

    Open to everybody; 403 for whatever was wrong, 429 while login or address is locked, as at the desk. It
    takes no Idempotency-Key: the code works once, so after a broken connection wait for the next.
    """
    now = timezone.now()
    begun = operations.begin_api_session(
        login=body.login,
        password=body.password,
        code=body.code,
        program=body.program,
        address=address_of(request),
        now=now,
    )
    if isinstance(begun, Refused):
        return problem_response(request, of_refusal(begun))
    answer = Begun(
        **_session(begun.session, begun.session.public_id).model_dump(),
        token=begun.token,
        member=_member(actor_for(begun.session.member, now)),
    )
    return HttpResponse(answer.model_dump_json(), content_type="application/json", status=201)


@routes.get("", scope=STAFF, answer=SessionList, summary="Own sessions")
def list_staff_sessions(request: HttpRequest) -> SessionList:
    """The member's sessions that count; the desk lists them on the account page."""
    call = call_of(request)
    member = Member.objects.get(pk=call.actor.id)
    return SessionList(items=[_session(one, call.session) for one in live_sessions(member, call.now)])


@routes.get("me", scope=STAFF, answer=MemberShape, summary="Who this session acts as")
def get_me(request: HttpRequest) -> MemberShape:
    """The member with the roles that count now, delegations included."""
    return _member(call_of(request).actor)


@routes.post("step-up", scope=STAFF, answer=Fresh, summary="Give a fresh code")
def step_up_staff_session(request: HttpRequest, body: FreshCode) -> Fresh | Refused:
    """Marks this session as fresh for ten minutes, which the payout asks for. Five wrong codes lock."""
    call = call_of(request)
    at = operations.step_up_api_session(call.session, actor=call.actor, code=body.code, now=call.now)
    return at if isinstance(at, Refused) else Fresh(fresh_until=at + STEP_UP_IS_FRESH_FOR)


@routes.delete("{session}", scope=STAFF, answer=Done, summary="End a session")
def end_staff_session(request: HttpRequest, session: SessionId) -> Done | Refused:
    """The token of this session, or of another of one's own, opens nothing from now on."""
    call = call_of(request)
    wanted = call.session if session == CURRENT else session
    ended = operations.end_api_session(wanted, actor=call.actor, now=call.now)
    return ended if isinstance(ended, Refused) else Done()


def _session(one: ApiSession, this: str) -> SessionShape:
    return SessionShape(
        id=one.public_id,
        program=one.program,
        address=one.address,
        began_at=one.began_at,
        seen_at=one.seen_at,
        ends_at=one.ends_at,
        idle_minutes=IDLE_FOR.seconds // 60,
        fresh_until=one.stepped_up_at + STEP_UP_IS_FRESH_FOR,
        is_this=one.public_id == this,
    )


def _member(actor: Actor) -> MemberShape:
    return MemberShape(
        id=int(actor.id),
        name=actor.name,
        roles=sorted(actor.roles & ROLES.keys()),
        branch_ids=sorted(actor.scope.branch_ids),
        sees_everything=actor.scope.everything,
    )
