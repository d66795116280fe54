"""Publishing a version of a process, and moving live cases to it.

A pack with mistakes is refused with all of them, and the version in force goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.events.process import CaseMigrated, DefinitionPublished
from cheqi.core.process.definition import Definition
from cheqi.core.process.draft import Draft
from cheqi.core.process.loading import load
from cheqi.core.process.people import reference
from cheqi.core.process.state import StepStatus
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.definitions import by_hash
from cheqi.foundation.workflow.models import DefinitionRow
from cheqi.foundation.workflow.operations.moving import not_found
from cheqi.foundation.workflow.operations.planning import plan_of, refit
from cheqi.foundation.workflow.operations.writing import MovedMeanwhile, script_of, write
from cheqi.foundation.workflow.record import CaseRecord, sees
from cheqi.foundation.workflow.registry import catalogue
from cheqi.foundation.workflow.store import load_case
from cheqi.rules.reading import read_yaml


def publish_definition(
    *, source: str, actor: Actor, now: datetime, effective_from: date | None = None
) -> DefinitionRow | Refused:
    """Publishes the YAML text of a process pack; the same content again gives the row that is there.

    INVALID carries one finding a mistake, `field` its path; CONFLICT a version number that is taken by
    other content; NOT_ALLOWED is who does not change processes. `effective_from` overrides the pack's date.
    """
    if not may(actor, Permission.CHANGE_PROCESSES):
        return _not_allowed()
    parsed = read_yaml(source)
    if isinstance(parsed, tuple):
        return _invalid(parsed)
    if effective_from is not None and isinstance(parsed, Mapping):
        parsed = {**parsed, "effective_from": effective_from}
    loaded = load(parsed, catalogue())
    if isinstance(loaded, tuple):
        return _invalid(loaded)
    with transaction.atomic():
        return _published(loaded, parsed, actor, now)


def _published(
    definition: Definition, source: Mapping[str, Any], actor: Actor, now: datetime
) -> DefinitionRow | Refused:
    known = DefinitionRow.objects.filter(process=definition.process)
    same = known.filter(content_hash=definition.content_hash).first()
    if same is not None:
        return same
    if known.filter(version=definition.version).exists():
        message = Text(
            f"{definition.process} 第 {definition.version} 版已发布，内容不同，请提高版本号",
            f"Version {definition.version} of {definition.process} has other content: raise the version",
        )
        return refuse(RefusalKind.CONFLICT, "workflow.version", message)
    row = DefinitionRow.objects.create(
        process=definition.process,
        version=definition.version,
        content_hash=definition.content_hash,
        source=msgspec.json.encode(source).decode(),
        effective_from=definition.effective_from,
        published_at=now,
        published_by=reference(actor),
    )
    event = DefinitionPublished(
        process=definition.process, version=definition.version, content_hash=definition.content_hash
    )
    record(event, actor=actor, now=now)
    return row


def _invalid(problems: tuple[Problem, ...]) -> Refused:
    findings = tuple(Finding("process.definition", one.message, field=one.path) for one in problems)
    return Refused(RefusalKind.INVALID, findings)


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving a case to another version does: steps that go on, and steps that would open."""

    case_id: int
    before: int
    after: int
    kept: tuple[str, ...]
    opened: tuple[str, ...]
    is_done: bool


def migrate_case(
    *, case_id: int, definition_hash: str, actor: Actor, now: datetime, is_dry_run: bool
) -> Migration | Refused:
    """Moves a live case to another version of its process, or says what that would do.

    Refused to who does not change processes, with every step of the case that the new version does not
    have, and for facts that do not fit it. Steps that are done stay done; open ones go on under the new
    version's target and role; new ones open behind them as their turn comes.
    """
    if not may(actor, Permission.CHANGE_PROCESSES):
        return _not_allowed()
    loaded = load_case(case_id)
    if loaded is None or not _is_seen(loaded.record, actor):
        return not_found()
    case, target = loaded.record, by_hash(definition_hash)
    findings = _hindrances(case, target)
    if findings:
        return Refused(RefusalKind.INVALID, findings)
    draft = Draft(target, case.state, now)
    draft.settle()
    result = draft.changes()
    opened = tuple(
        key for key, step in result.state.steps.items() if key not in case.state.steps and step.is_open
    )
    kept = tuple(key for key, step in case.state.steps.items() if step.is_open)
    before = case.definition.version
    if is_dry_run:
        return Migration(case_id, before, target.version, kept, opened, is_done=False)
    moved = _on(case, target)
    plan = plan_of(moved, result, actor=actor, now=now)
    for key, step in case.state.steps.items():
        if step.is_open and result.state.steps[key].is_open:
            refit(plan, (key, step.round), case.definition.by_key[key])
    script = script_of(plan, loaded.tail)
    row_id = DefinitionRow.objects.values_list("pk", flat=True).get(content_hash=definition_hash)
    event = CaseMigrated(
        version=target.version, before=case.definition.content_hash, after=target.content_hash
    )
    try:
        with transaction.atomic():
            write(script)
            rows.run([rows.change("workflow_case", case_id, {"definition_id": row_id})])
            record(event, actor=actor, now=now, case_id=case_id, party_id=case.party_id)
    except (MovedMeanwhile, IntegrityError):
        message = Text("案件刚刚有变化，请重试", "The case has just moved: try again")
        return refuse(RefusalKind.CONFLICT, "workflow.swap", message)
    return Migration(case_id, before, target.version, kept, opened, is_done=True)


def _hindrances(case: CaseRecord, target: Definition) -> tuple[Finding, ...]:
    rule = "workflow.migration"
    if target.process != case.process or not case.state.is_open:
        message = Text("只能迁移同一流程中未结束的案件", "Only an open case of the same process can move")
        return (Finding(rule, message),)
    if target.content_hash == case.definition.content_hash:
        message = Text(f"案件已在第 {target.version} 版", f"The case is on version {target.version} already")
        return (Finding(rule, message),)
    found = [
        Finding(rule, Text(f"新版本没有步骤 {key}", f"The new version has no step {key}"), field=key)
        for key, step in case.state.steps.items()
        if key not in target.by_key and step.status is not StepStatus.SUPERSEDED
    ]
    for key, value in case.facts.items():
        fact = target.facts.get(key)
        if fact is None or not fact.accepts(value):
            message = Text(f"新版本不接受事实 {key}", f"The new version does not take the fact {key}")
            found.append(Finding(rule, message, field=key))
    return tuple(found)


def _not_allowed() -> Refused:
    message = Text(
        "只有运营经理或系统管理员可以变更流程", "Only operations managers and administrators change processes"
    )
    return refuse(RefusalKind.NOT_ALLOWED, "workflow.processes", message)


def _on(case: CaseRecord, target: Definition) -> CaseRecord:
    """The same case as one of the other definition."""
    values = {name: getattr(case, name) for name in CaseRecord.__slots__}
    return CaseRecord(**{**values, "definition": target})


def _is_seen(case: CaseRecord, actor: Actor) -> bool:
    return sees(actor, case_id=case.id, branch_id=case.branch_id, party_id=case.party_id)
