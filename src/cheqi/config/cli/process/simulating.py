"""`cheqi process simulate`: reads the assumptions, runs the simulation, prints one report or two."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from cheqi.config.cli.process.packs import PACKS, definition_in
from cheqi.config.cli.process.report import compared, told
from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.process.definition import Definition
from cheqi.core.process.simulation.assumptions import Assumptions, with_history
from cheqi.core.process.simulation.reading import read, roles_of
from cheqi.core.process.simulation.running import Wish, simulate
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.insight.estimates.measured import measured
from cheqi.rules.reading import read_yaml

ASSUMPTIONS = PACKS.parent / "assumptions"


def simulate_process(arguments: argparse.Namespace) -> int:
    """0 with a report, 1 where a pack or the assumptions have mistakes, 2 when misused."""
    definition = _definition(arguments)
    if isinstance(definition, int):
        return definition
    assumed = _assumed(arguments, definition)
    if isinstance(assumed, int):
        return assumed
    hours = calendar(definition.calendar)
    midnight = datetime.combine(definition.effective_from, time.min, ZoneInfo(hours.timezone))
    wish = Wish(max(1, arguments.cases), arguments.seed, midnight)
    other = _with_people(assumed, arguments.against, definition)
    if other is None:
        return 2
    reports = [simulate(definition, hours, assumed, wish)]
    if arguments.against:
        reports.append(simulate(definition, hours, other, wish))
    if arguments.json:
        found = [asdict(report) for report in reports]
        print(json.dumps(found if arguments.against else found[0], ensure_ascii=False, indent=2, default=str))
    elif arguments.against:
        print(compared(reports[0], reports[1], definition, hours, " ".join(arguments.against)))
    else:
        print(told(reports[0], definition, hours))
    return 0


def _definition(arguments: argparse.Namespace) -> Definition | int:
    """The pack of a file, the version in force where history counts, the baseline's otherwise."""
    if arguments.from_history:
        row = in_force(arguments.process, timezone.localdate())
        if row is None:
            return _misused(f"没有已发布的流程 {arguments.process} (no such process is published)")
        return definition_of(row)
    named = Path(arguments.process)
    path = named if named.suffix == ".yaml" else PACKS / f"{arguments.process}.yaml"
    if not path.is_file():
        return _misused(f"没有流程 {arguments.process} (no such process)")
    return definition_in(path) or 1


def _assumed(arguments: argparse.Namespace, definition: Definition) -> Assumptions | int:
    """What is assumed: the file's, with what the command line says instead."""
    path = arguments.assume or ASSUMPTIONS / f"{definition.process}.yaml"
    if arguments.assume and not path.is_file():
        return _misused(f"没有文件 (no such file): {path}")
    nothing = Text("按各步骤时限推出的假设（非实测）", "Derived from the targets (not measured)")
    found: Assumptions | tuple[Problem, ...] = Assumptions(definition.process, nothing)
    if path.is_file():
        source = read_yaml(path.read_text(encoding="utf-8"))
        found = source if isinstance(source, tuple) else read(source, definition)
    if isinstance(found, tuple):
        print(f"✗ {path.name}: {len(found)} 处错误 (mistakes)")
        for problem in found:
            print(f"    {problem.path}: {problem.message.zh} · {problem.message.en}")
        if not arguments.assume:
            print(f"自带的假设不合 v{definition.version}，请用 --assume 给出自己的 (give your own)")
        return 1
    if arguments.from_history:
        found = with_history(found, definition, measured(definition, timezone.now()))
    if arguments.a_day is not None:
        if arguments.a_day <= 0:
            return _misused("--a-day 须大于 0 (must be above 0)")
        found = replace(found, a_day=arguments.a_day)
    return _with_people(found, arguments.people, definition) or 2


def _with_people(assumed: Assumptions, wishes: Sequence[str], definition: Definition) -> Assumptions | None:
    """The assumptions with `role=number` instead; None, said, for a role or a number that is none."""
    people: Mapping[str, int] = dict(assumed.people)
    for wish in wishes:
        group, _, number = wish.partition("=")
        if not number.isdigit() or int(number) < 1 or not set(group.split("+")) <= roles_of(definition):
            known = "、".join(sorted(roles_of(definition)))
            _misused(f"{wish}: 须写成 角色=人数 (write ROLE=NUMBER)，角色有 {known}")
            return None
        people = {**people, group: int(number)}
    return replace(assumed, people=people)


def _misused(words: str) -> int:
    print(words, file=sys.stderr)
    return 2
