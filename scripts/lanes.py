"""Runs the test lanes one after the other and fails when any of them fails.

Lanes: `fast` (what a part does; SQLite), `journeys` (whole cases through all parts; SQLite), `slow` (models,
killed processes; SQLite), `postgres` (every test that touches the database, when a server answers), `browser`
(journeys in Chromium). Without a name, all of them. Each uses both cores.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

POSTGRES = os.environ.get("CHEQI_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
PYTEST = [sys.executable, "-m", "pytest", "-q"]
BOTH_CORES = ["-n", "2", "--dist", "loadfile"]
QUICK, JOURNEYS = "not browser and not ocr and not slow", "tests/journeys"
LANES: dict[str, tuple[list[str], dict[str, str]]] = {
    "fast": ([*BOTH_CORES, "-m", QUICK, f"--ignore={JOURNEYS}"], {}),
    "journeys": ([*BOTH_CORES, "-m", QUICK, JOURNEYS], {}),
    "slow": ([*BOTH_CORES, "-m", "(ocr or slow) and not browser"], {}),
    "postgres": (
        [*BOTH_CORES, "-m", "not browser and not ocr"],
        {"CHEQI_DATABASE_URL": POSTGRES},
    ),
    "browser": ([*BOTH_CORES, "-m", "browser", "tests/browser"], {}),
}


def unavailable(lane: str) -> str:
    """Why a lane cannot run on this machine; empty when it can."""
    if lane == "postgres":
        parts = urlsplit(POSTGRES)
        try:
            socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=2).close()
        except OSError:
            return f"no PostgreSQL answers at {parts.hostname}:{parts.port}; set CHEQI_TEST_POSTGRES to one"
    if lane == "browser" and not (shutil.which("chromium") or os.environ.get("CHEQI_CHROMIUM")):
        return "no Chromium here; install Debian's package chromium or set CHEQI_CHROMIUM"
    return ""


def run(lane: str) -> bool:
    """Runs one lane, says how long it took, and answers whether it passed."""
    if reason := unavailable(lane):
        print(f"\n── lane {lane}: NOT RUN, {reason}", flush=True)
        return True
    arguments, environment = LANES[lane]
    print(f"\n── lane {lane}", flush=True)
    started = time.monotonic()
    result = subprocess.run([*PYTEST, *arguments], env={**os.environ, **environment}, check=False)
    print(f"── lane {lane}: {time.monotonic() - started:.0f} s, exit {result.returncode}", flush=True)
    return result.returncode == 0


def main(names: list[str]) -> int:
    """0 when every lane that could run passed."""
    passed = [run(name) for name in names or LANES]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
