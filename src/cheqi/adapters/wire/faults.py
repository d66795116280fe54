"""The ways a simulated system can misbehave, each switched on for the next `times` instructions.

Example: `POST /_control/faults {"fault": "DROP_AFTER", "times": 1}` carries the next instruction out and
then cuts the line; the caller is left not knowing.
"""

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong."""

    SLOW = "SLOW"  # waits `value` milliseconds before answering
    HANG = "HANG"  # carries out, then answers only when released, or after 30 s
    HANG_BEFORE = "HANG_BEFORE"  # the same, but drops it unless released: nothing carried out
    UNAVAILABLE = "UNAVAILABLE"  # 503 with Retry-After, nothing carried out
    BROKEN = "BROKEN"  # 500, nothing carried out
    BROKEN_AFTER = "BROKEN_AFTER"  # carries out, then 500
    DROP_BEFORE = "DROP_BEFORE"  # cuts the line, nothing carried out
    DROP_AFTER = "DROP_AFTER"  # carries out, then cuts the line
    GARBAGE = "GARBAGE"  # carries out, then answers what nobody can read
    DUPLICATE_PUSHES = "DUPLICATE_PUSHES"  # every push twice
    REVERSED_PUSHES = "REVERSED_PUSHES"  # the newest push first


ON_PUSHES = frozenset({Fault.DUPLICATE_PUSHES, Fault.REVERSED_PUSHES})


@dataclass
class Faults:
    """The faults waiting to happen, in the order in which they were set."""

    hanging: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    _waiting: list[tuple[Fault, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, fault: Fault, *, times: int = 1, value: int = 0) -> None:
        """The next `times` instructions (or pushes) meet this fault."""
        with self._lock:
            self._waiting += [(fault, value)] * max(0, min(times, 10_000))
            if fault in (Fault.HANG, Fault.HANG_BEFORE):
                self.released.clear()

    def clear(self) -> None:
        """Everything works again, and whoever hangs is let go."""
        with self._lock:
            self._waiting.clear()
        self.released.set()

    def hang(self) -> None:
        """Waits until released, 30 s at most; `hanging` says how many do."""
        with self._lock:
            self.hanging += 1
        self.released.wait(30)
        with self._lock:
            self.hanging -= 1

    def next_for_instruction(self) -> tuple[Fault | None, int]:
        """Takes the fault of this instruction, if any."""
        with self._lock:
            for place, (fault, _) in enumerate(self._waiting):
                if fault not in ON_PUSHES:
                    return self._waiting.pop(place)
        return None, 0

    def take_for_pushes(self) -> frozenset[Fault]:
        """Takes the faults that concern this round of pushes."""
        with self._lock:
            found = frozenset(fault for fault, _ in self._waiting if fault in ON_PUSHES)
            for fault in found:
                self._waiting.remove(next(item for item in self._waiting if item[0] is fault))
        return found
