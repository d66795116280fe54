"""What the operations of every book share: who did it, the lender's date, and findings in one line."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text


def who(actor: Actor) -> dict[str, str]:
    """The columns that say who did something."""
    return {"actor_kind": actor.kind.value, "actor_id": actor.id, "actor_name": actor.name}


def lender_date(now: datetime) -> date:
    """The lender's date at a moment."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def finding(rule: str, field: str, zh: str, en: str) -> Finding:
    """One objection to one input."""
    return Finding(rule, Text(zh, en), field=field)


def invalid(findings: list[Finding]) -> Refused | None:
    """The refusal of everything that was found, or None where nothing was. Compare with `is not None`."""
    return Refused(RefusalKind.INVALID, tuple(findings)) if findings else None


def not_found(rule: str, zh: str, en: str) -> Refused:
    """Missing, or not this actor's to see: the same answer for both."""
    return refuse(RefusalKind.NOT_FOUND, rule, Text(zh, en))


def not_now(rule: str, zh: str, en: str) -> Refused:
    """Right in itself, but not in this state."""
    return refuse(RefusalKind.NOT_NOW, rule, Text(zh, en))


def conflict(rule: str, zh: str, en: str) -> Refused:
    """Contradicts what is already recorded."""
    return refuse(RefusalKind.CONFLICT, rule, Text(zh, en))
