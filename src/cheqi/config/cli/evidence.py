"""`cheqi evidence`: verify the log, seal it, take a bundle or a checkpoint out of the house."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

HELP = "verify the event log, seal it, bundle a case's evidence"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify`, `seal`, `bundle CASE`, `checkpoint`."""
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help="recompute everything and say where it differs")
    verify.add_argument(
        "--against", type=Path, action="append", default=[], help="a checkpoint that was kept outside"
    )
    actions.add_parser("seal", help="seal what is committed now")
    bundle = actions.add_parser("bundle", help="write the evidence bundle of a case")
    bundle.add_argument("case", help="the number of the case, or its id")
    bundle.add_argument("--output", type=Path)
    actions.add_parser("checkpoint", help="print the newest checkpoint and the log's public key")


def run(arguments: argparse.Namespace) -> int:
    """0 done and in order; 1 when something differs or there is nothing."""
    django.setup()
    if arguments.action == "verify":
        return _verify(arguments.against)
    if arguments.action == "seal":
        return _seal()
    if arguments.action == "bundle":
        return _bundle(arguments.case, arguments.output)
    return _checkpoint()


def _verify(against: list[Path]) -> int:
    from cheqi.foundation.eventlog.keyring import log_name, signing_key
    from cheqi.foundation.eventlog.verification import verify_everything

    def progress(done: int, total: int) -> None:
        print(f"\r{done:,} / {total:,}", end="", file=sys.stderr, flush=True)

    found = verify_everything(
        signing_key().public_key(),
        log_name(),
        remembered=tuple(path.read_text(encoding="utf-8") for path in against),
        progress=progress,
    )
    print(file=sys.stderr)
    for each in found.differences:
        print(f"✗ {each.where}: {each.what}")
    print(
        f"{found.events:,} 条事件（{found.unsealed:,} 条待封存），树 {found.tree_size:,}，"
        f"{found.checkpoints:,} 个检查点 · events, unsealed, tree size, checkpoints"
    )
    print(f"{len(found.differences)} 处不符 · differences" if found.differences else "全部一致 · all agrees")
    return 1 if found.differences else 0


def _seal() -> int:
    from cheqi.foundation.eventlog.operations import seal

    sealed = seal(datetime.now(UTC))
    print(f"封存 {sealed.events:,} 条，树 {sealed.tree_size:,} · events sealed, tree size")
    return 1 if sealed.busy else 0


def _bundle(case: str, output: Path | None) -> int:
    from cheqi.core.base.actors import SYSTEM
    from cheqi.foundation.eventlog.operations import evidence_bundle
    from cheqi.foundation.workflow.models import Case

    found = Case.objects.filter(number=case.upper()).values_list("pk", flat=True).first()
    case_id = found or (int(case) if case.isdecimal() else 0)
    made = evidence_bundle(case_id, actor=SYSTEM, now=datetime.now(UTC))
    if not isinstance(made, bytes):
        print(made.findings[0].message.zh)
        return 1
    path = output or Path(f"evidence-{case}.zip")
    path.write_bytes(made)
    print(path)
    return 0


def _checkpoint() -> int:
    from cheqi.foundation.eventlog.operations import public_key
    from cheqi.foundation.eventlog.queries import latest_checkpoint

    last = latest_checkpoint()
    if last is None:
        print("还没有检查点 · there is no checkpoint yet")
        return 1
    print(last.note)
    print(f"key {public_key()}", file=sys.stderr)
    return 0
