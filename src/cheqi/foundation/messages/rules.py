"""The contact rules in force on a day: the law's pack and the house's, published versions over baselines."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from cheqi.core.contact.pack import ContactPack, read
from cheqi.foundation.rulebook import baseline
from cheqi.foundation.rulebook import queries as rulebook
from cheqi.rules import Pack

PACKS = ("contact_hours", "contact_courtesy")
LENDER_ZONE = ZoneInfo("Asia/Shanghai")


class BrokenContactRules(RuntimeError):
    """A contact pack is in force that the gate cannot read: nothing may be sent on it."""


def in_force(now: datetime) -> ContactPack:
    """Both packs together. Raises BrokenContactRules, NoSuchPack."""
    on: date = now.astimezone(LENDER_ZONE).date()
    law, house = (_read(rulebook.pack(name, on).text) for name in PACKS)
    return law.joined_with(house)


@lru_cache(maxsize=16)
def _read(source: str) -> ContactPack:
    pack = baseline.parsed(source)
    if not isinstance(pack, Pack):
        raise BrokenContactRules("; ".join(map(str, pack)))
    found = read(pack.parameters, name=pack.name, version=pack.version)
    if not isinstance(found, ContactPack):
        raise BrokenContactRules("; ".join(map(str, found)))
    return found
