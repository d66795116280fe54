"""Whom a message can reach. The foundation keeps no parties: whoever does registers the resolver.

>>> @resolver                                                              # doctest: +SKIP
... def reach(party_id: int) -> Recipient | None:
...     party = Party.objects.filter(pk=party_id).first()
...     return party and Recipient(name=party.name, mobile=party.mobile, email=party.email)
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cheqi.core.contact.contact import Channel, Preferences


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person as messages see one. `channels` is the person's own order, empty for none stated."""

    name: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    language: str = "zh"
    channels: tuple[Channel, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)
    has_inbox: bool = True

    def address(self, channel: Channel) -> str:
        """Where the channel reaches the person; empty where it does not. An inbox is its own address."""
        inbox = "inbox" if self.has_inbox else ""
        places = {Channel.SMS: self.mobile, Channel.MAIL: self.email, Channel.IN_APP: inbox}
        return places.get(channel, "")


Resolver = Callable[[int], Recipient | None]

_registered: list[Resolver] = []


class NoResolver(LookupError):
    """Nobody said how a party is reached: the records app is not installed or not loaded."""


def resolver(function: Resolver) -> Resolver:
    """Registers how a party is reached; the last one counts, so that a test can have its own."""
    _registered.append(function)
    return function


def forget(function: Resolver) -> None:
    """Takes a registered resolver back."""
    _registered.remove(function)


def of_party(party_id: int) -> Recipient | None:
    """The party as a recipient, or None when there is none. Raises NoResolver."""
    if not _registered:
        raise NoResolver("register one with messages.people.resolver")
    return _registered[-1](party_id)
