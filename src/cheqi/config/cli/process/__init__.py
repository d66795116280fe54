"""`cheqi process`: packs as files, versions in force, live cases on another version.

`check FILE` names every mistake at once; `draw FOLDER` writes one Markdown page a process; `bpmn PROCESS`
prints the diagram for tools such as bpmn-js; `publish FILE` and `versions PROCESS` are about what is in
force; `migrate PROCESS --to VERSION` moves live cases, as a dry run unless it says `--do`; `simulate PROCESS`
says how it would go with so many cases a day and so many people, and `--against reviewer=4` how with others.
"""

import argparse
from pathlib import Path

import django

HELP = "check, draw, export, simulate and publish process definitions, and migrate live cases"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One action, and what it works on."""
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="load packs and name all their mistakes")
    check.add_argument("files", nargs="*", type=Path, help="pack files; the baseline's without any")
    draw = actions.add_parser("draw", help="write one page a process")
    draw.add_argument("folder", type=Path, help="where the pages go, such as docs/processes")
    bpmn = actions.add_parser("bpmn", help="print a process as BPMN 2.0")
    bpmn.add_argument("process", help="such as application")
    bpmn.add_argument("--language", default="zh-hans", help="zh-hans or en")
    publish = actions.add_parser("publish", help="publish a version; live cases stay on theirs")
    publish.add_argument("file", type=Path)
    publish.add_argument("--as", dest="login", default="", metavar="LOGIN", help="who publishes it")
    versions = actions.add_parser("versions", help="published versions and the open cases on each")
    versions.add_argument("process", help="such as application")
    _add_migrate(actions.add_parser("migrate", help="move live cases to a version; a dry run without --do"))
    _add_simulate(actions.add_parser("simulate", help="how it would go with these cases and people"))


def _add_migrate(parser: argparse.ArgumentParser) -> None:
    """Which cases, where to, by whom, and whether it is done or only shown."""
    parser.add_argument("process", help="such as application")
    parser.add_argument("--to", type=int, required=True, metavar="VERSION", help="a published version")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--case", nargs="+", default=[], metavar="NUMBER", help="these cases")
    which.add_argument("--all-open", action="store_true", help="every open case of another version")
    parser.add_argument("--do", action="store_true", help="do it, after a question")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--as", dest="login", default="", metavar="LOGIN", help="who does it (with --do)")


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    """What is simulated, under which assumptions, and what it is compared with."""
    parser.add_argument("process", help="such as application, or a pack file")
    parser.add_argument("--cases", type=int, default=1000, help="how many are measured (1000)")
    parser.add_argument("--a-day", type=float, default=None, metavar="N", help="cases a working day")
    parser.add_argument("--people", nargs="+", default=[], metavar="ROLE=N", help="such as reviewer=3")
    parser.add_argument("--against", nargs="+", default=[], metavar="ROLE=N", help="and beside it with these")
    parser.add_argument("--assume", type=Path, default=None, metavar="FILE", help="assumptions of your own")
    parser.add_argument("--from-history", action="store_true", help="times and outcomes of finished cases")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another imagined month (1)")
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")


def run(arguments: argparse.Namespace) -> int:
    """0 when done, 1 where something is refused or wrong, 2 without such a file, process or person."""
    django.setup()
    from cheqi.config.cli.process import migrating, packs, publishing, simulating

    match arguments.action:
        case "check":
            return packs.check_files(arguments.files or packs.baseline())
        case "draw":
            return packs.draw_pages(arguments.folder)
        case "bpmn":
            return packs.print_bpmn(arguments.process, arguments.language)
        case "publish":
            return publishing.publish_file(arguments.file, arguments.login)
        case "versions":
            return publishing.list_versions(arguments.process)
        case "simulate":
            return simulating.simulate_process(arguments)
    return migrating.migrate(arguments)
