"""Who acts, and what they may see.

Every operation takes an `Actor`; every query takes one and applies its `Scope`. A client manager of
branch 3 sees the cases of branch 3, a customer their own, a tracker link one case, the system all:

>>> branch = Scope(branch_ids=frozenset({3}))
>>> manager = Actor(ActorKind.STAFF, "12", "陈静", frozenset({"client_manager"}), branch)
>>> manager.has_role("reviewer")
False
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ActorKind(StrEnum):
    """The four kinds that can cause an event."""

    STAFF = "STAFF"
    CUSTOMER = "CUSTOMER"
    CLIENT = "CLIENT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows somebody may see: the union of what is named here; empty means nothing."""

    everything: bool = False
    branch_ids: frozenset[int] = frozenset()
    party_id: int | None = None
    case_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts. `id` is unique within the kind: a staff member's, a party's or an API client's key.

    `acting_for` names the absent colleague whose work is done under a delegation. `stepped_up_at` is
    when the second factor was last given, in UTC.
    """

    kind: ActorKind
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    scope: Scope = field(default_factory=Scope)
    acting_for: str | None = None
    stepped_up_at: datetime | None = None

    def has_role(self, *roles: str) -> bool:
        """Whether any of the roles is held, by own right or by delegation."""
        return bool(self.roles.intersection(roles))

    @property
    def is_staff(self) -> bool:
        """A colleague, as opposed to a customer, a program or the system itself."""
        return self.kind is ActorKind.STAFF


SYSTEM = Actor(ActorKind.SYSTEM, "system", "系统", scope=Scope(everything=True))
