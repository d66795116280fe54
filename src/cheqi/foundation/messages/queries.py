"""Inboxes, what was said about a case, and what gave up."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Value

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.exchanges.queries import may_see
from cheqi.foundation.messages.choices import REACHED, MessageState
from cheqi.foundation.messages.models import Message
from cheqi.foundation.staff.scopes import visible


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One message as its reader sees it."""

    id: int
    template: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    case_id: int | None
    sent_at: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message as colleagues see it on the case page."""

    id: int
    template: str
    channel: str
    state: MessageState
    subject: str = field(repr=False)
    reason: str
    planned_at: datetime
    sent_at: datetime | None
    deferred_until: datetime | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that gave up. `is_outcome_known` is False when it may have been sent."""

    id: int
    template: str
    channel: str
    case_id: int | None
    attempts: int
    code: str
    reason: str
    is_outcome_known: bool


def own_inbox(actor: Actor) -> QuerySet[Message]:
    """The actor's own messages: a customer's by party, a colleague's by member; nobody else has any."""
    inbox = Message.objects.filter(in_inbox=True, state__in=REACHED)
    if actor.kind is ActorKind.CUSTOMER and actor.scope.party_id is not None:
        return inbox.filter(party_id=actor.scope.party_id)
    if actor.kind is ActorKind.STAFF and actor.id.isdigit():
        return inbox.filter(member_id=int(actor.id))
    return inbox.none()


def inbox(actor: Actor, *, limit: int = 50, before_id: int | None = None) -> tuple[InboxMessage, ...]:
    """The actor's own messages, the newest first; `before_id` pages on. One statement."""
    rows = own_inbox(actor).order_by("-id")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return tuple(
        InboxMessage(
            row.pk, row.template, row.subject, row.text, row.case_id, row.sent_at, row.read_at is not None
        )
        for row in rows[:limit]
    )


def unread_count(actor: Actor) -> int:
    """How many of the actor's own messages are unread. One statement."""
    return own_inbox(actor).filter(read_at__isnull=True).count()


def unread_counts(actor: Actor, mark: int) -> "QuerySet[Message, Any]":
    """The same as a row that is read together with others: `mark`, the number, and nothing late."""
    rows = own_inbox(actor).filter(read_at__isnull=True).order_by().values(mark=Value(mark))
    return rows.annotate(unread=Count("pk"), late=Value(0)).values_list("mark", "unread", "late")


def of_case(case_id: int, actor: Actor) -> tuple[SentMessage, ...]:
    """What was sent about a case, the newest first, to a colleague who has just been shown that case.

    The caller has applied the case's own scope; customers and trackers see their own messages only.
    """
    rows = Message.objects.filter(case_id=case_id)
    if not actor.is_staff:
        rows = visible(rows, actor, branch=None, party="party_id", case="case_id")
    return tuple(
        SentMessage(
            row.pk,
            row.template,
            row.channel,
            MessageState(row.state),
            row.subject,
            row.reason,
            row.planned_at,
            row.sent_at,
            row.next_try_at if row.state == MessageState.DEFERRED else None,
        )
        for row in rows.order_by("-id")
    )


def dead_letters(actor: Actor, *, limit: int = 200) -> tuple[DeadLetter, ...]:
    """What gave up, the newest first; nothing for those who may not see it. One statement."""
    if not may_see(actor):
        return ()
    rows = Message.objects.filter(state=MessageState.DEAD).defer("data", "text", "subject", "address")
    return tuple(
        DeadLetter(
            row.pk,
            row.template,
            row.channel,
            row.case_id,
            row.attempts,
            row.code,
            row.reason,
            row.started_at is None,
        )
        for row in rows.order_by("-id")[:limit]
    )
