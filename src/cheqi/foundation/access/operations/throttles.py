"""Limits on tries. What somebody is limited by (a login, a number, an address) is kept as a blind index.

A `Lock` is for guessing: some tries are free, then every further one closes the door for twice as long as
the one before. A `Quota` is for volume: so many in a period. Both count **before** the guarded work, in a
transaction of their own, so parallel tries cannot outrun them. Refusals do not depend on whether the
login or number exists.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.models import Throttle
from cheqi.foundation.privacy import blind

_FORGOTTEN_AFTER = timedelta(hours=24)
_UNITS = ((3600, "小时", "hours"), (60, "分钟", "minutes"), (1, "秒", "seconds"))


@dataclass(frozen=True, slots=True)
class Lock:
    """`free` tries, then a pause that doubles with each further one up to `longest`."""

    name: str
    free: int
    pause: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `count` in a `period`, which starts at the first one."""

    name: str
    count: int
    period: timedelta


def try_locks(tries: Sequence[tuple[Lock, str]], now: datetime) -> Refused | None:
    """Counts one try against every lock; refused, and counted nowhere, while one of them is closed."""
    with transaction.atomic():
        rows = [(lock, _held(lock.name, who, now)) for lock, who in sorted(tries, key=lambda t: t[0].name)]
        closed_until = max((row.locked_until for _, row in rows if row.locked_until), default=None)
        if closed_until is not None and closed_until > now:
            return _too_many(closed_until - now)
        for lock, row in rows:
            row.count = 1 if now - row.since_at > _FORGOTTEN_AFTER else row.count + 1
            row.since_at = now
            over = row.count - lock.free
            pause = min(lock.pause * 2 ** min(over, 20), lock.longest) if over >= 0 else None
            row.locked_until = now + pause if pause else None
            row.save(update_fields=["count", "since_at", "locked_until"])
    return None


def forgive(lock: Lock, who: str) -> None:
    """A success: the door is as if nobody had tried."""
    Throttle.objects.filter(name=lock.name, who=_who(lock.name, who)).update(count=0, locked_until=None)


def give_back(lock: Lock, who: str) -> None:
    """A success that many people share (an office's address): only this try is taken back."""
    with transaction.atomic():
        row = Throttle.objects.select_for_update().filter(name=lock.name, who=_who(lock.name, who)).first()
        if row is not None:
            row.count = max(row.count - 1, 0)
            row.locked_until = None if row.count < lock.free else row.locked_until
            row.save(update_fields=["count", "locked_until"])


def take(quotas: Sequence[tuple[Quota, str]], now: datetime) -> Refused | None:
    """Takes one from every quota; refused, and taken from none, where one is used up."""
    with transaction.atomic():
        rows = [
            (quota, _held(quota.name, who, now)) for quota, who in sorted(quotas, key=lambda q: q[0].name)
        ]
        for quota, row in rows:
            if now - row.since_at >= quota.period:
                row.since_at, row.count = now, 0
        full = [row.since_at + quota.period - now for quota, row in rows if row.count >= quota.count]
        if full:
            return _too_many(max(full))
        for _, row in rows:
            row.count += 1
            row.save(update_fields=["count", "since_at"])
    return None


def forget_old(now: datetime) -> int:
    """Deletes what no longer limits anybody; for a nightly wake-up. Returns the number of rows."""
    stale = Throttle.objects.filter(since_at__lt=now - 2 * _FORGOTTEN_AFTER)
    return stale.delete()[0]


def _held(name: str, who: str, now: datetime) -> Throttle:
    """The row, locked until the transaction ends."""
    digest = _who(name, who)
    Throttle.objects.get_or_create(name=name, who=digest, defaults={"since_at": now})
    return Throttle.objects.select_for_update().get(name=name, who=digest)


def _who(name: str, who: str) -> str:
    return blind.index(f"throttle {name}", who.casefold() or "-")


def _too_many(wait: timedelta) -> Refused:
    seconds = max(math.ceil(wait.total_seconds()), 1)
    size, zh, en = next(unit for unit in _UNITS if seconds >= 2 * unit[0] or unit[0] == 1)
    count = math.ceil(seconds / size)
    message = Text(f"操作过于频繁，请在 {count} {zh}后再试", f"Too many tries: try again in {count} {en}")
    return refuse(RefusalKind.TOO_MANY, "access.throttle", message, retry_after_seconds=seconds)
