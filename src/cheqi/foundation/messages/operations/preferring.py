"""A person turns messages off or on that are not necessary."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.contact.choices import OPTIONAL, Choice, is_wanted
from cheqi.core.contact.contact import Channel
from cheqi.core.events.messages import PreferenceChosen
from cheqi.foundation.eventlog.operations import Entry, record_many
from cheqi.foundation.messages.choices import Way
from cheqi.foundation.messages.models import ContactBook, ContactPreference
from cheqi.foundation.messages.preferences import chosen_by
from cheqi.foundation.messages.unsubscribing import Unsubscribing


def choose(
    party_id: int, wanted: Mapping[Choice, bool], *, way: Way, actor: Actor, now: datetime
) -> tuple[Choice, ...] | Refused:
    """Keeps what the person wants, with who said so, when and how; gives what changed.

    INVALID for a message that is necessary, NOT_FOUND for somebody else's settings. Saying the same again
    changes nothing and logs nothing.
    """
    if actor.kind is not ActorKind.CUSTOMER or actor.scope.party_id != party_id:
        message = Text("找不到这位客户的消息设置", "There are no such message settings")
        return refuse(RefusalKind.NOT_FOUND, "messages.preference", message)
    for purpose, channel in wanted:
        if (purpose, channel) not in OPTIONAL:
            message = Text(
                "验证码和业务必需的通知不能关闭", "Codes and necessary messages cannot be turned off"
            )
            field = f"{purpose.value}-{channel.value}"
            return refuse(RefusalKind.INVALID, "messages.necessary", message, field=field)
    with transaction.atomic():
        return _keep(party_id, wanted, way=way, actor=actor, now=now)


def unsubscribe(asked: Unsubscribing, *, now: datetime) -> tuple[Choice, ...]:
    """Turns mail of that purpose off for who holds the signed link; again changes nothing."""
    with transaction.atomic():
        off = {(asked.purpose, Channel.MAIL): False}
        actor = Actor(ActorKind.CUSTOMER, str(asked.party_id), "", scope=Scope(party_id=asked.party_id))
        return _keep(asked.party_id, off, way=Way.MAIL_LINK, actor=actor, now=now)


def _keep(
    party_id: int, wanted: Mapping[Choice, bool], *, way: Way, actor: Actor, now: datetime
) -> tuple[Choice, ...]:
    ContactBook.objects.get_or_create(pk=party_id)
    ContactBook.objects.select_for_update().get(pk=party_id)
    before = chosen_by(party_id)
    changed = tuple(choice for choice, wants in wanted.items() if is_wanted(before, choice) is not wants)
    for purpose, channel in changed:
        ContactPreference.objects.update_or_create(
            party_id=party_id,
            purpose=purpose.value,
            channel=channel.value,
            defaults={
                "is_wanted": wanted[purpose, channel],
                "chosen_at": now,
                "actor_name": actor.name,
                "way": way,
            },
        )
    if changed:
        record_many(
            [
                Entry(
                    event=PreferenceChosen(
                        purpose=purpose.value,
                        channel=channel.value,
                        choice="ON" if wanted[purpose, channel] else "OFF",
                        way=way.value,
                    ),
                    party_id=party_id,
                )
                for purpose, channel in changed
            ],
            actor=actor,
            now=now,
        )
    return changed
