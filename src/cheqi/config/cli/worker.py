"""`cheqi worker`: background work until it is told to stop (SIGTERM or Ctrl-C)."""

import argparse
from datetime import UTC, datetime

import django

HELP = "run background work: reading documents, messages, sealing the log"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much runs beside each other."""
    parser.add_argument("--threads", type=int, default=2, help="lanes for light tasks (2)")
    parser.add_argument("--processes", type=int, default=1, help="child processes for heavy tasks (1)")


def run(arguments: argparse.Namespace) -> int:
    """Works until a signal comes, finishes what is in hand, and returns 0."""
    django.setup()
    from cheqi.foundation.jobs.worker import work_until_told

    return work_until_told(
        lambda: datetime.now(UTC), threads=arguments.threads, processes=arguments.processes
    )
