"""`cheqi rules check [FOLDER]` loads every rule pack of a folder, runs its cases, and says what is wrong."""

import argparse
import sys
from pathlib import Path

import cheqi.rules
from cheqi.rules import Pack, load_pack, run_cases
from cheqi.rules.reading import read_yaml

HELP = "Checks rule packs and runs their cases"
BASELINE = Path(cheqi.rules.__file__).parent / "packs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`check`, and a folder where it is not the baseline that is checked."""
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="load every pack and run its cases")
    check.add_argument("folder", nargs="?", type=Path, default=BASELINE, help="folder of packs")


def run(arguments: argparse.Namespace) -> int:
    """0 where every pack is right, 1 where one is wrong, 2 where there is no such folder."""
    if not arguments.folder.is_dir():
        print(f"没有文件夹 {arguments.folder} (no such folder)", file=sys.stderr)
        return 2
    wrong = [_check(path) for path in sorted(arguments.folder.rglob("*.yaml")) if _is_pack(path)]
    if not wrong:
        print(f"{arguments.folder} 中没有规则包 (no rule packs here)")
        return 2
    return 1 if any(wrong) else 0


def _is_pack(path: Path) -> bool:
    """Processes and calendars have their own form and their own check."""
    data = read_yaml(path.read_text(encoding="utf-8"))
    return not isinstance(data, dict) or not {"process", "weekly"} & set(data)


def _check(path: Path) -> bool:
    """Whether something is wrong with one file; prints one line for it and one for each problem."""
    pack = load_pack(path.read_text(encoding="utf-8"))
    problems = run_cases(pack) if isinstance(pack, Pack) else pack
    passed = f"{len(pack.cases)} cases" if isinstance(pack, Pack) else "not loaded"
    print(f"{'✗' if problems else '✓'} {path.parent.name}/{path.name}: {passed}")
    for problem in problems:
        print(f"    {problem.path}: {problem.message.zh} · {problem.message.en}")
    return bool(problems)
