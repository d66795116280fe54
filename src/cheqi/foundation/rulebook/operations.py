"""Proposing and publishing pack versions: two people, all problems at once, the past stays as it was."""

import hashlib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.events.rulebook import PackProposed, PackPublished, PackTurnedDown
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.rulebook import baseline
from cheqi.foundation.rulebook.choices import Form, VersionState
from cheqi.foundation.rulebook.models import PackVersion
from cheqi.rules import Pack, run_cases
from cheqi.rules.reading import read_yaml

ROLES = ("operations_manager", "admin")
Described = tuple[str, Form, int, date]


def propose(*, source: str, reason: str, actor: Actor, now: datetime) -> PackVersion | Refused:
    """Keeps a new version for a second person to publish.

    Refused with every problem of the text and every case that does not hold, where the version is not
    above all earlier ones, where it would take effect in the past, and to who may not.
    """
    if not _may(actor):
        return _not_allowed()
    described = _described(source)
    if isinstance(described, Refused):
        return described
    name, form, version, effective_from = described
    if (refused := _out_of_order(name, version, effective_from, now)) is not None:
        return refused
    row = PackVersion(
        name=name,
        form=form,
        version=version,
        effective_from=effective_from,
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        reason=reason,
        proposer_id=actor.id,
        proposer_name=actor.name,
        proposed_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            what = PackProposed(
                pack=name, version=version, effective_from=effective_from, sha256=row.sha256, reason=reason
            )
            record(what, actor=actor, now=now)
    except IntegrityError:
        return _version_taken(name, version)
    return row


def publish(*, version_id: int, actor: Actor, now: datetime) -> PackVersion | Refused:
    """Puts a proposed version in force from its day on. Refused to its proposer, and once its day is past."""
    with transaction.atomic():
        row = _decidable(version_id, actor)
        if isinstance(row, Refused):
            return row
        if row.effective_from < _local(now):
            return _past()
        _decide(row, VersionState.PUBLISHED, actor, now)
        what = PackPublished(
            pack=row.name, version=row.version, effective_from=row.effective_from, sha256=row.sha256
        )
        record(what, actor=actor, now=now)
    return row


def turn_down(*, version_id: int, reason: str, actor: Actor, now: datetime) -> PackVersion | Refused:
    """Ends a proposal with a reason. Refused to its proposer."""
    with transaction.atomic():
        row = _decidable(version_id, actor)
        if isinstance(row, Refused):
            return row
        row.decision_reason = reason
        _decide(row, VersionState.TURNED_DOWN, actor, now)
        record(PackTurnedDown(pack=row.name, version=row.version, reason=reason), actor=actor, now=now)
    return row


def _described(source: str) -> Described | Refused:
    """Name, form, version and day of a text, or everything that is wrong with it."""
    data = read_yaml(source)
    if baseline.is_calendar(data):
        return _described_calendar(source, data)
    pack = baseline.parsed(source)
    problems = run_cases(pack) if isinstance(pack, Pack) else pack
    if problems or not isinstance(pack, Pack):
        return _problems(problems)
    return pack.name, Form.RULES, pack.version, pack.effective_from


def _described_calendar(source: str, data: Any) -> Described | Refused:
    built = baseline.parsed_calendar(source)
    problems = () if isinstance(built, WorkCalendar) else built
    version, day = data.get("version"), data.get("effective_from")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        problems += (Problem("version", Text("须为不小于1的整数", "must be a whole number of at least 1")),)
    if not isinstance(day, date):
        problems += (Problem("effective_from", Text("须为日期", "must be a date")),)
    if problems or not isinstance(version, int) or not isinstance(day, date):
        return _problems(problems)
    return str(data["key"]), Form.CALENDAR, version, day


def _problems(problems: tuple[Problem, ...]) -> Refused:
    return Refused(
        RefusalKind.INVALID,
        tuple(Finding("rulebook.problem", problem.message, field=problem.path) for problem in problems),
    )


def _out_of_order(name: str, version: int, effective_from: date, now: datetime) -> Refused | None:
    if effective_from < _local(now):
        return _past()
    earlier = [pack.version for pack in baseline.packs() if pack.name == name]
    rows = PackVersion.objects.filter(name=name).exclude(state=VersionState.TURNED_DOWN)
    earlier += rows.values_list("version", flat=True)
    return _version_taken(name, version) if version <= max(earlier, default=0) else None


def _decidable(version_id: int, actor: Actor) -> PackVersion | Refused:
    """The proposed row, locked, where this actor may decide on it."""
    if not _may(actor):
        return _not_allowed()
    row = PackVersion.objects.select_for_update().filter(pk=version_id).first()
    if row is None:
        return refuse(
            RefusalKind.NOT_FOUND, "rulebook.missing", Text("没有这个版本", "There is no such version")
        )
    if row.state != VersionState.PROPOSED:
        return refuse(
            RefusalKind.NOT_NOW,
            "rulebook.decided",
            Text("该版本已有结论", "This version was already decided"),
        )
    if row.proposer_id == actor.id:
        return refuse(
            RefusalKind.NOT_ALLOWED,
            "rulebook.four_eyes",
            Text("须由另一人复核发布", "Another person has to decide on it"),
        )
    return row


def _decide(row: PackVersion, state: VersionState, actor: Actor, now: datetime) -> None:
    row.state, row.decider_id, row.decider_name, row.decided_at = state, actor.id, actor.name, now
    row.save()


def _may(actor: Actor) -> bool:
    return actor.is_staff and actor.has_role(*ROLES)


def _local(now: datetime) -> date:
    """The lender's date."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _not_allowed() -> Refused:
    return refuse(
        RefusalKind.NOT_ALLOWED,
        "rulebook.role",
        Text(
            "只有运营经理或系统管理员可以维护规则",
            "Only operations managers and administrators keep the rules",
        ),
    )


def _past() -> Refused:
    return refuse(
        RefusalKind.INVALID,
        "rulebook.past",
        Text(
            "生效日不能早于今天：过去的决定不改写",
            "A version cannot take effect in the past: decisions stand",
        ),
    )


def _version_taken(name: str, version: int) -> Refused:
    return refuse(
        RefusalKind.CONFLICT,
        "rulebook.version",
        Text(f"{name} 的版本号须大于已有版本", f"The version of {name} must be above the earlier ones"),
        version=version,
    )
