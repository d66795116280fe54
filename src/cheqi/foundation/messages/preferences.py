"""Reads what a person turned off or on, for the gate and for the pages that show it."""

from dataclasses import dataclass, replace
from datetime import datetime

from cheqi.core.contact.choices import OPTIONAL, OPTIONAL_PURPOSES, Choice, is_wanted, opted_out
from cheqi.core.contact.contact import Channel, Purpose
from cheqi.foundation.messages.models import ContactPreference
from cheqi.foundation.messages.people import Recipient


@dataclass(frozen=True, slots=True)
class Setting:
    """One switch; `at`, `by` and `way` say who set it when and how, empty while nobody did."""

    purpose: Purpose
    channel: Channel
    is_wanted: bool
    at: datetime | None = None
    by: str = ""
    way: str = ""

    @property
    def name(self) -> str:
        """The name of the switch in a form."""
        return f"{self.purpose.value}-{self.channel.value}"


def settings_of(party_id: int) -> tuple[Setting, ...]:
    """Every switch of a person, in the order they are shown. The caller has checked who asks."""
    rows = {
        (Purpose(row.purpose), Channel(row.channel)): row
        for row in ContactPreference.objects.filter(party_id=party_id)
    }
    chosen = {choice: row.is_wanted for choice, row in rows.items()}
    found = []
    for choice in OPTIONAL:
        setting = Setting(*choice, is_wanted(chosen, choice))
        if (row := rows.get(choice)) is not None:
            setting = replace(setting, at=row.chosen_at, by=row.actor_name, way=row.way)
        found.append(setting)
    return tuple(found)


def chosen_by(party_id: int) -> dict[Choice, bool]:
    """What the person said."""
    rows = ContactPreference.objects.filter(party_id=party_id).values_list("purpose", "channel", "is_wanted")
    return {(Purpose(purpose), Channel(channel)): wanted for purpose, channel, wanted in rows}


def with_choices(recipient: Recipient, party_id: int | None, purpose: Purpose) -> Recipient:
    """The recipient with what they turned off, as it stands in this transaction; nothing is read for a
    purpose that has no switch."""
    if party_id is None or purpose not in OPTIONAL_PURPOSES:
        return recipient
    off = recipient.preferences.opted_out | opted_out(chosen_by(party_id))
    return replace(recipient, preferences=replace(recipient.preferences, opted_out=off))
