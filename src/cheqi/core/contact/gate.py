"""May we contact this person now? Asked when a contact is planned and again when it starts. Pure.

A cap or quiet hours put a contact off to the first moment that all rules allow; an opt-out stops it. At
22:30 in Shanghai a collection message waits until eight in the morning, a one-time code does not:

    decide(Contact(Purpose.COLLECTION, Channel.SMS), (), Preferences(), pack, now=at("22:30"))
    # Defer(until=08:00 tomorrow, findings=(… contact_hours.collection_hours …))

`now` and the history are aware datetimes; days are the calendar days of the pack's time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cheqi.core.base.findings import Finding
from cheqi.core.contact.contact import Contact, PastContact, Preferences
from cheqi.core.contact.pack import ContactPack, ContactRule, RuleKind

MOST_STEPS = 400


@dataclass(frozen=True, slots=True)
class Allow:
    """Go ahead. `rules` are those that were looked at."""

    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Defer:
    """Not before `until`; `findings` name the rules that object now."""

    until: datetime
    findings: tuple[Finding, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Not at all; `findings` name the rules that object."""

    findings: tuple[Finding, ...]
    rules: tuple[str, ...] = ()


def decide(
    contact: Contact,
    history: Sequence[PastContact],
    preferences: Preferences,
    pack: ContactPack,
    now: datetime,
) -> Allow | Defer | Block:
    """The decision at `now`. A deferral names a moment at which the same question gives Allow.

    `history` is everything started with this person lately, at least since the beginning of yesterday.
    Raises ValueError for a `now` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("the gate needs to know the time zone of now")
    binding = [rule for rule in pack.rules if rule.binds(contact.purpose, contact.channel)]
    names = tuple(rule.key for rule in binding)
    opted_out = (contact.purpose, contact.channel) in preferences.opted_out
    blocks = [rule for rule in binding if rule.kind is RuleKind.OPT_OUT and opted_out]
    if blocks:
        return Block(tuple(_finding(pack, rule) for rule in blocks), names)
    zone = ZoneInfo(pack.timezone)
    at, objecting = now, []
    for step in range(MOST_STEPS):
        waits = [
            (until, rule)
            for rule in binding
            if (until := _not_before(rule, contact, history, preferences, at.astimezone(zone)))
        ]
        if not waits:
            break
        if step == 0:
            objecting = [rule for _, rule in waits]
        at = max(until for until, _ in waits)
    if at == now:
        return Allow(names)
    return Defer(at.astimezone(now.tzinfo), tuple(_finding(pack, rule) for rule in objecting), names)


def _not_before(
    rule: ContactRule,
    contact: Contact,
    history: Sequence[PastContact],
    preferences: Preferences,
    local: datetime,
) -> datetime | None:
    """The end of a rule's objection at a local moment; None when it has none."""
    if rule.kind is RuleKind.QUIET_HOURS and not preferences.may_be_contacted_at_night:
        return _end_of_quiet_hours(rule, local)
    if rule.kind is RuleKind.CAP_PER_DAY and _used_up(rule, contact, history, local):
        return datetime.combine(local.date() + timedelta(days=1), time(0), local.tzinfo)
    return None


def _end_of_quiet_hours(rule: ContactRule, local: datetime) -> datetime | None:
    clock = local.time()
    over_midnight = rule.starts > rule.ends
    if over_midnight and clock >= rule.starts:
        return datetime.combine(local.date() + timedelta(days=1), rule.ends, local.tzinfo)
    begun = over_midnight or clock >= rule.starts
    if begun and clock < rule.ends:
        return datetime.combine(local.date(), rule.ends, local.tzinfo)
    return None


def _used_up(rule: ContactRule, contact: Contact, history: Sequence[PastContact], local: datetime) -> bool:
    """Whether the day's number of counting contacts is reached."""
    counted = sum(
        1
        for past in history
        if past.result in rule.counts
        and rule.binds(past.purpose, past.channel)
        and past.at.astimezone(local.tzinfo).date() == local.date()
        and (not rule.per_point or past.point == contact.point)
    )
    return counted >= rule.limit


def _finding(pack: ContactPack, rule: ContactRule) -> Finding:
    verified = "true" if rule.is_verified else "false"
    data = (("pack", pack.name), ("verified", verified))
    return Finding(f"contact.{rule.key}", rule.message, clause=rule.clause, data=data)
