"""`cheqi process publish FILE` and `cheqi process versions PROCESS`.

A pack with mistakes is refused with all of them, and the version in force goes on.
"""

import sys
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from cheqi.config.cli.process.tables import table
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.workflow.models import DefinitionRow
from cheqi.foundation.workflow.operations import publish_definition
from cheqi.foundation.workflow.queries import versions_of


def somebody(login: str, now: datetime) -> Actor | None:
    """The colleague with that log-in as they are now, the system without one; None, said, for nobody."""
    if not login:
        return SYSTEM
    member = Member.objects.filter(login=login, is_active=True).first()
    if member is None:
        print(f"没有在岗人员 {login} (nobody has this log-in)", file=sys.stderr)
        return None
    return actor_for(member, now)


def say_findings(refused: Refused) -> None:
    """Every reason on a line of its own, with its place where it has one."""
    for one in refused.findings:
        place = f"{one.field}: " if one.field else ""
        print(f"    {place}{one.message.zh} · {one.message.en}")


def publish_file(path: Path, login: str) -> int:
    """0 when it is published or was already, 1 where it is refused, 2 without the file or the person."""
    now = timezone.now()
    if not path.is_file():
        print(f"没有文件 (no such file): {path}", file=sys.stderr)
        return 2
    actor = somebody(login, now)
    if actor is None:
        return 2
    answer = publish_definition(source=path.read_text(encoding="utf-8"), actor=actor, now=now)
    if isinstance(answer, DefinitionRow):
        is_new = answer.published_at == now
        words = "已发布 (published)" if is_new else "先前已发布，没有变化 (published before)"
        print(f"✓ {answer.process} v{answer.version} {words}")
        print(f"    {answer.effective_from} 起受理的案件使用 (for cases from then on)")
        return 0
    print(f"✗ {path.name}: {len(answer.findings)} 处错误，现行版本不变 (refused, nothing changed)")
    say_findings(answer)
    return 1


def list_versions(process: str) -> int:
    """Prints the versions, newest first; 2 where none is published under that name."""
    found = versions_of(process, SYSTEM, timezone.localdate())
    if not found:
        print(f"没有已发布的流程 {process} (no such process is published)", file=sys.stderr)
        return 2
    rows = [("版本", "生效日", "发布时间", "发布人", "内容指纹", "在办案件", "")]
    for one in found:
        state = "现行 (in force)" if one.is_in_force else "未生效 (to come)" if one.is_to_come else ""
        at, who = f"{timezone.localtime(one.published_at):%Y-%m-%d %H:%M}", one.published_by or "系统"
        day, digest, count = f"{one.effective_from}", one.content_hash[:12], str(one.open_cases)
        rows.append((f"v{one.version}", day, at, who, digest, count, state))
    print(table(rows, right={5}))
    return 0
