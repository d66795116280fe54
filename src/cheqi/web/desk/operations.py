"""What the desk writes for itself: presence and kept views (not logged: no business), exports (logged)."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import ListExported
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.requires import step_up
from cheqi.foundation.staff.roles import Permission, may
from cheqi.web.desk.models import Presence, SavedView

MOST_VIEWS = 20


def look_at(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Notes that the actor has the page of a case open; the caller has shown them the case."""
    if actor.is_staff and actor.id.isdigit():
        Presence.objects.update_or_create(
            case_id=case_id,
            member_id=int(actor.id),
            defaults={"member_name": actor.name, "seen_at": now},
        )


def save_view(*, place: str, name: str, query: str, actor: Actor, now: datetime) -> SavedView | Refused:
    """Keeps filters under a name; the same name again replaces them."""
    name = name.strip()[:30]
    if not name:
        return refuse(RefusalKind.INVALID, "desk.view", Text("请给视图起个名字", "Give the view a name"))
    mine = SavedView.objects.filter(member_id=int(actor.id), place=place)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        message = Text("最多保存 20 个视图，请先删除不用的", "At most 20 views: delete one first")
        return refuse(RefusalKind.INVALID, "desk.view.limit", message)
    view, _ = SavedView.objects.update_or_create(
        member_id=int(actor.id),
        place=place,
        name=name,
        defaults={"query": query.lstrip("?")[:300], "created_at": now},
    )
    return view


def drop_view(view_id: int, *, actor: Actor) -> None:
    """Forgets one of the actor's own views."""
    SavedView.objects.filter(pk=view_id, member_id=int(actor.id)).delete()


def export_list(*, name: str, rows: int, filters: str, actor: Actor, now: datetime) -> Refused | None:
    """Puts on record that a list leaves as a file; needs the permission and a fresh second factor."""
    if not may(actor, Permission.EXPORT):
        message = Text(
            "您没有导出的权限，需要时请联系运营经理", "You may not export; ask your operations manager"
        )
        return refuse(RefusalKind.NOT_ALLOWED, "desk.export", message)
    refused = step_up(actor, now)
    if refused is not None:
        return refused
    with transaction.atomic():
        record(ListExported(name=name, rows=rows, filters=filters[:300]), actor=actor, now=now)
    return None
