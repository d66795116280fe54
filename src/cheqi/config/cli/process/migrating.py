"""`cheqi process migrate PROCESS --to VERSION`: live cases to another version, first as a dry run.

Without `--do` nothing changes: each case says what goes on and what would open, or every reason against.
With it the same is shown, asked about and done, one transaction a case; a refusal does not stop the others.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cheqi.config.cli.process.publishing import say_findings, somebody
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.process.definition import Definition
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow.definitions import definition_of
from cheqi.foundation.workflow.models import DefinitionRow
from cheqi.foundation.workflow.operations import Migration, migrate_case
from cheqi.foundation.workflow.queries import OpenCase, open_cases


@dataclass(frozen=True, slots=True)
class _Target:
    """The version to move to."""

    definition: Definition

    def move(self, case: OpenCase, actor: Actor, now: datetime, *, is_dry_run: bool) -> Migration | Refused:

        return migrate_case(
            case_id=case.case_id,
            definition_hash=self.definition.content_hash,
            actor=actor,
            now=now,
            is_dry_run=is_dry_run,
        )

    def named(self, keys: Sequence[str]) -> str:
        """The steps by their titles, as colleagues know them."""
        return "、".join(self.definition.by_key[key].title.zh for key in keys)


def migrate(arguments: argparse.Namespace) -> int:
    """0 when every case can move or has moved, 1 where one was refused or nobody confirmed, 2 misused."""
    now = timezone.now()
    if arguments.do and not arguments.login:
        print("--do 须同时给出 --as LOGIN：由谁迁移 (say who does it)", file=sys.stderr)
        return 2
    actor, target = somebody(arguments.login, now), _target(arguments.process, arguments.to)
    if actor is None or target is None:
        return 2
    if not may(actor, Permission.CHANGE_PROCESSES):
        print(f"{actor.name}不能迁移案件 (may not migrate cases)：须为运营经理或系统管理员", file=sys.stderr)
        return 2
    found = _chosen(arguments, actor)
    if found is None:
        return 2
    ready = [case for case in found if _shown(target, case, actor, now)]
    refused = len(found) - len(ready)
    print(f"合计 {len(found)} 件 (cases)：可迁移 (can move) {len(ready)}，不能 (cannot) {refused}")
    if not arguments.do:
        print("这是演练，没有改动任何案件；加 --do 执行 (dry run: nothing changed)")
        return 1 if refused else 0
    if not ready:
        return 1 if refused else 0
    if not arguments.yes and not _is_confirmed(len(ready)):
        print("没有确认，没有改动任何案件 (not confirmed: nothing changed)", file=sys.stderr)
        return 1
    moved = sum(_done(target, case, actor) for case in ready)
    refused = len(found) - moved
    print(f"已迁移 (moved) {moved} 件，未迁移 (refused) {refused} 件")
    return 1 if refused else 0


def _target(process: str, version: int) -> _Target | None:

    row = DefinitionRow.objects.filter(process=process, version=version).first()
    if row is None:
        print(f"没有已发布的 {process} v{version} (no such version is published)", file=sys.stderr)
        return None
    return _Target(definition_of(row))


def _chosen(arguments: argparse.Namespace, actor: Actor) -> list[OpenCase] | None:
    """The cases that are meant; None, said, where one of the named is not an open case of the process."""
    found = open_cases(arguments.process, actor, arguments.case)
    if arguments.all_open:
        return [case for case in found if case.version != arguments.to]
    unknown = sorted(set(arguments.case) - {case.number for case in found})
    if unknown:
        print(f"没有这些在办案件 (no such open cases): {'、'.join(unknown)}", file=sys.stderr)
        return None
    return list(found)


def _shown(target: _Target, case: OpenCase, actor: Actor, now: datetime) -> bool:
    """Prints what moving the case would do; whether it can move."""
    answer = target.move(case, actor, now, is_dry_run=True)
    way = f"{case.number}  v{case.version} → v{target.definition.version}"
    if isinstance(answer, Refused):
        print(f"✗ {way}  不能迁移 (cannot move)")
        say_findings(answer)
        return False
    print(f"✓ {way}")
    print(f"    继续 (goes on): {target.named(answer.kept) or '—'}")
    if answer.opened:
        print(f"    新开 (opens): {target.named(answer.opened)}")
    return True


def _is_confirmed(count: int) -> bool:
    try:
        return input(f"迁移 {count} 件？输入 yes 继续 (type yes to move them): ").strip().lower() == "yes"
    except EOFError:
        return False


def _done(target: _Target, case: OpenCase, actor: Actor) -> bool:
    """Moves one case in its own transaction; whether it moved."""
    answer = target.move(case, actor, timezone.now(), is_dry_run=False)
    if isinstance(answer, Refused):
        print(f"✗ {case.number}  未迁移 (refused)")
        say_findings(answer)
        return False
    print(f"✓ {case.number}  已迁移 (moved)")
    return True
