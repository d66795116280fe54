"""`cheqi jobs`: what background work failed for good, and having it tried again."""

import argparse
from datetime import UTC, datetime

import django

HELP = "list and re-drive background work that failed for good"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`list`, `redrive ID…` and `discard ID… --reason`."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="dead letters with their errors, and the state of the queues")
    redrive = actions.add_parser("redrive", help="give them their attempts back")
    redrive.add_argument("ids", nargs="+", type=int)
    discard = actions.add_parser("discard", help="let them be")
    discard.add_argument("ids", nargs="+", type=int)
    discard.add_argument("--reason", required=True)


def run(arguments: argparse.Namespace) -> int:
    """0 done; 1 when there are dead letters, or nothing of what was named was one."""
    django.setup()
    from cheqi.core.base.actors import SYSTEM
    from cheqi.foundation.jobs import operations, queries

    now = datetime.now(UTC)
    if arguments.action == "redrive":
        done = operations.redrive(arguments.ids, actor=SYSTEM, now=now)
    elif arguments.action == "discard":
        done = operations.discard(arguments.ids, actor=SYSTEM, now=now, reason=arguments.reason)
    else:
        dead = queries.dead_letters(SYSTEM)
        for each in dead:
            print(f"{each.id}\t{each.task}\t{each.key}\t{each.attempts}x\t{each.error}")
        health = queries.health(SYSTEM, now=now)
        for queue in health.queues if health else ():
            print(f"queue {queue.queue}: {queue.waiting} due since {queue.oldest_due_at}")
        print(f"{len(dead)} dead letters, {health.workers_alive if health else 0} workers alive")
        return 1 if dead else 0
    print(done if isinstance(done, int) else done.findings[0].message.zh)
    return 0 if done else 1
