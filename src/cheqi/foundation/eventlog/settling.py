"""Letting everything that follows from the past happen at one moment: for tests, the demo, a rehearsal."""

from datetime import datetime

from cheqi.foundation.eventlog.operations.delivering import deliver
from cheqi.foundation.eventlog.operations.sealing import seal
from cheqi.foundation.jobs.running import drain


class NeverSettles(RuntimeError):
    """What follows goes on and on at the same moment: two parts wake each other."""


def settle(now: datetime, *, rounds: int = 100) -> int:
    """Seals, delivers and runs what is due at `now` until nothing is left. Returns how much was done."""
    done = 0
    for _ in range(rounds):
        step = seal(now).events + deliver(now) + drain(now)
        if not step:
            return done
        done += step
    raise NeverSettles(f"still busy after {rounds} rounds")
