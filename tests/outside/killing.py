"""Starts a process that drives one row, and kills it while the other side holds its call.

Example: `killed_while_calling("messages", row.pk, now, environment, simulator)` after
`simulator.fault("HANG")`.
"""

import os
import signal
import subprocess
import sys
from datetime import datetime

from cheqi.adapters.wire.tests.running import Running

MOST_LOOKS = 10_000


def killed_while_calling(
    kind: str, row_id: int, now: datetime, environment: dict[str, str], simulator: Running
) -> None:
    """kill -9, once the simulator has the call in hand."""
    command = [sys.executable, "-m", "tests.outside.child", kind, str(row_id), now.isoformat()]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "driving\n"
        looks = (simulator.look("/_control/hanging")["hanging"] for _ in range(MOST_LOOKS))
        assert any(looks), "the call never arrived"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
        child.stdout.close()
