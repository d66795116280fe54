"""The worker: lanes that claim and run, pulses, sweeps, a heartbeat; it stops cleanly when asked.

Light tasks run in threads of this process, heavy ones (OCR) each in a child process of a lane, so that a
crash there costs one attempt and nothing else. An idle lane looks again after 0.2 s, then less often, at
most once a second. Killing the worker loses nothing: its leases end, and the sweeper counts an attempt.
"""

import logging
import os
import random
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import close_old_connections, connections

from cheqi.foundation.jobs.children import ChildRunner, Stopping
from cheqi.foundation.jobs.operations.claiming import claim, give_back
from cheqi.foundation.jobs.operations.keeping import beat, bow_out, note_sweep, take_turn
from cheqi.foundation.jobs.registry import DEFAULT, HEAVY, PULSES, SWEEPS, Periodic, Wake
from cheqi.foundation.jobs.running import Clock, run_claim, run_here, told

logger = logging.getLogger(__name__)

FASTEST_POLL_S = 0.2
SLOWEST_POLL_S = 1.0
HEARTBEAT = timedelta(seconds=5)

Call = Callable[[Wake, datetime], datetime | None]


@dataclass
class Worker:
    """One worker process. `run` returns when `stop` is set and all in hand is finished or given back."""

    stop: threading.Event
    clock: Clock
    threads: int = 2
    processes: int = 1
    jitter: Callable[[], float] = random.random
    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}")

    def run(self) -> None:
        """Starts the lanes, beats until told to stop, and waits for them."""
        lanes = [
            threading.Thread(target=self._lane, args=(f"{self.name}-t{n}", DEFAULT, run_here))
            for n in range(self.threads)
        ]
        lanes += [threading.Thread(target=self._heavy_lane, args=(n,)) for n in range(self.processes)]
        lanes += [threading.Thread(target=self._pulse, args=(each,)) for each in PULSES.values()]
        lanes.append(threading.Thread(target=self._sweep))
        for lane in lanes:
            lane.start()
        self._beat_until_stopped()
        for lane in lanes:
            lane.join()
        bow_out(self.name, now=self.clock())
        connections.close_all()

    def _beat_until_stopped(self) -> None:
        started_at = self.clock()
        queues = [DEFAULT] * bool(self.threads) + [HEAVY] * bool(self.processes)
        while not self.stop.is_set():
            self._guarded(
                "heartbeat", lambda: beat(self.name, queues=queues, started_at=started_at, now=self.clock())
            )
            self.stop.wait(HEARTBEAT.total_seconds())

    def _heavy_lane(self, number: int) -> None:
        runner = ChildRunner(self.stop)
        try:
            self._lane(f"{self.name}-p{number}", HEAVY, runner.call, runner.get_ready)
        finally:
            runner.close()

    def _lane(self, owner: str, queue: str, call: Call, get_ready: Callable[[], None] = lambda: None) -> None:
        def turn() -> int:
            try:
                get_ready()
            except Stopping:
                return 0
            return self._claim_and_run(owner, queue, call)

        delay = FASTEST_POLL_S
        while not self.stop.is_set():
            busy = self._guarded(owner, turn)
            delay = FASTEST_POLL_S if busy else min(delay * 1.5, SLOWEST_POLL_S)
            if not busy:
                self.stop.wait(delay)
        connections.close_all()

    def _claim_and_run(self, owner: str, queue: str, call: Call) -> int:
        held = claim(owner=owner, queues=[queue], limit=1, now=self.clock())
        for each in held:
            if self.stop.is_set():
                give_back(each, now=self.clock())
            elif each.lease_until > self.clock():
                try:
                    run_claim(each, clock=self.clock, jitter=self.jitter, call=call)
                except Stopping:
                    give_back(each, now=self.clock())
        return len(held)

    def _pulse(self, each: Periodic) -> None:
        while not self.stop.is_set():
            self._guarded(each.name, lambda: each.function(now=self.clock()))
            self.stop.wait(each.every.total_seconds())
        connections.close_all()

    def _sweep(self) -> None:
        while not self.stop.is_set():
            for name in SWEEPS:
                self._guarded(name, lambda name=name: sweep_once(name, self.clock()))  # type: ignore[misc]
            self.stop.wait(SLOWEST_POLL_S)
        connections.close_all()

    def _guarded(self, what: str, run: Callable[[], int | None]) -> int:
        """Runs; a failure (the database is away, a bug in a sweep) is reported and never ends the thread."""
        close_old_connections()
        try:
            return run() or 0
        except Exception:
            logger.exception("%s failed; going on", what)
            return 0


def work_until_told(clock: Clock, *, threads: int, processes: int) -> int:
    """Works until SIGTERM or SIGINT, finishes what is in hand, and returns 0. For the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Worker(stop, clock, threads=threads, processes=processes).run()
    return 0


def sweep_once(name: str, now: datetime) -> int:
    """Runs a sweep if it is due and nobody else took the turn; its error is kept where people see it."""
    definition = SWEEPS[name]
    if not take_turn(name, every=definition.every, now=now):
        return 0
    try:
        found = definition.function(now=now)
    except Exception as problem:
        note_sweep(name, error=told(problem))
        raise
    note_sweep(name, error="")
    return found
