"""`cheqi worker`: background work until it is told to stop (SIGTERM or Ctrl-C)."""

import argparse
import signal
import threading
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
    from cheqi.foundation.jobs.worker import Worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker = Worker(stop, lambda: datetime.now(UTC), threads=arguments.threads, processes=arguments.processes)
    print(f"worker {worker.name}: {arguments.threads} threads, {arguments.processes} processes", flush=True)
    worker.run()
    return 0
