"""Who a request is: staff, customer or stranger."""

from datetime import datetime
from unittest.mock import patch

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.foundation.access import sessions as customers
from cheqi.foundation.access.middleware import STRANGER, ActorMiddleware, actor_of
from cheqi.foundation.access.models import CustomerSession
from cheqi.foundation.access.tests.scenarios import MINUTE, NOW
from cheqi.foundation.staff import operations, sessions
from cheqi.foundation.staff.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_() -> HttpRequest:
    """A request with a session that somebody planted."""
    request = HttpRequest()
    request.session = SessionStore()
    request.session["planted"] = 1
    request.session.save()
    return request


def seen(request: HttpRequest, now: datetime = NOW) -> Actor:
    """The actor that a view would find."""
    with patch("cheqi.foundation.access.middleware.timezone.now", return_value=now):
        ActorMiddleware(lambda _: HttpResponse())(request)
    return actor_of(request)


def a_member() -> Member:
    member = Member.objects.create(login="chen", name="陈静", password="!")
    operations.install_roles(member, ["reviewer"], branch=None, actor=SYSTEM, now=NOW - MINUTE)
    return member


def a_customer() -> CustomerSession:
    return CustomerSession.objects.create(
        purpose="LOGIN",
        mobile_index="x",
        party_id=7,
        name="张",
        began_at=NOW,
        expires_at=NOW + 60 * MINUTE,
    )


def test_a_stranger_sees_nothing_and_costs_nothing(
    request_: HttpRequest, django_assert_num_queries: object
) -> None:
    request_.session.get("warm")

    with django_assert_num_queries(0):  # type: ignore[operator]
        actor = seen(request_)

    assert actor == STRANGER
    assert actor.scope == Scope()


def test_a_member_counts_after_the_second_factor_under_a_new_key_each_time(request_: HttpRequest) -> None:
    member = a_member()
    keys = [request_.session.session_key]

    sessions.begin(request_, member, NOW)
    request_.session.save()
    keys.append(request_.session.session_key)
    assert seen(request_) == STRANGER
    assert sessions.member_of(request_) == member
    assert "planted" not in request_.session

    sessions.pass_second_factor(request_, NOW)
    request_.session.save()
    keys.append(request_.session.session_key)

    actor = seen(request_)
    assert (actor.kind, actor.id, actor.stepped_up_at) == (ActorKind.STAFF, str(member.pk), NOW)
    assert len(set(keys)) == 3
    assert Session.objects.count() == 1


def test_a_password_leaves_nothing_of_the_session_before(request_: HttpRequest) -> None:
    request_.session["code"], request_.session["customer"] = "kept", 77
    request_.session.save()
    key = request_.session.session_key
    sessions.begin(request_, a_member(), NOW)
    request_.session.save()

    assert set(request_.session.keys()) == {sessions.KEY}
    assert request_.session.session_key != key
    assert not Session.objects.filter(session_key=key).exists()


def test_without_a_second_factor_there_is_no_step_up(request_: HttpRequest) -> None:
    sessions.begin(request_, a_member(), NOW)
    sessions.pass_without_second_factor(request_)

    assert seen(request_).stepped_up_at is None
    sessions.stepped_up(request_, NOW)
    assert seen(request_).stepped_up_at == NOW


def test_a_log_in_counts_for_twelve_hours_however_often_it_is_used(request_: HttpRequest) -> None:
    sessions.begin(request_, a_member(), NOW)
    sessions.pass_second_factor(request_, NOW)
    end = NOW + 12 * 60 * MINUTE

    assert seen(request_, end - MINUTE).is_staff
    sessions.stepped_up(request_, end - MINUTE)
    assert seen(request_, end) == STRANGER


def test_log_out_everywhere_ends_a_session_that_is_open_elsewhere(request_: HttpRequest) -> None:
    member = a_member()
    sessions.begin(request_, member, NOW)
    sessions.pass_second_factor(request_, NOW)

    operations.log_out(member, everywhere=True, now=NOW)

    assert seen(request_) == STRANGER


def test_a_log_out_here_leaves_other_sessions(request_: HttpRequest) -> None:
    member = a_member()
    sessions.begin(request_, member, NOW)
    sessions.pass_second_factor(request_, NOW)

    operations.log_out(member, everywhere=False, now=NOW)
    assert seen(request_).is_staff

    sessions.end(request_)
    assert seen(request_) == STRANGER


def test_after_a_new_password_only_the_session_that_set_it_goes_on(request_: HttpRequest) -> None:
    member = a_member()
    sessions.begin(request_, member, NOW)
    sessions.pass_second_factor(request_, NOW)
    changed = operations.reset_access(member, password="temporary pass 1", actor=SYSTEM, now=NOW)
    assert isinstance(changed, Member)
    assert seen(request_) == STRANGER

    sessions.keep(request_, changed)

    assert seen(request_).id == str(member.pk)


def test_a_customer_is_seen_until_the_session_expires(request_: HttpRequest) -> None:
    before = request_.session.session_key

    customers.begin(request_, a_customer())
    request_.session.save()

    assert request_.session.session_key != before
    assert "planted" not in request_.session
    assert seen(request_).scope == Scope(party_id=7)
    assert seen(request_, NOW + 60 * MINUTE) == STRANGER
    customers.end(request_)
    assert seen(request_) == STRANGER


def test_a_browser_is_staff_or_customer_never_both(request_: HttpRequest) -> None:
    sessions.begin(request_, a_member(), NOW)
    sessions.pass_second_factor(request_, NOW)

    customers.begin(request_, a_customer())
    assert seen(request_).kind is ActorKind.CUSTOMER

    sessions.begin(request_, Member.objects.get(), NOW)
    assert seen(request_) == STRANGER
    assert customers.session_id(request_) is None
