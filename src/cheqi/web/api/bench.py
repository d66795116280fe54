"""How many progress look-ups a second over HTTP: `python -m cheqi.web.api.bench`.

A scratch database is filled with cases (set-based, from one real case), the web server is started as
`cheqi run` starts it, and a bounded load asks for random cases with a key: authentication, rate limit and
object scope are in it. Beside it, in the same run, the same look-up through Django and the ORM, and the
conditional one (304). The load generator runs on the same machine and takes its share of the cores: `wrk`
where it is installed, else our own (`bench_load`).
"""

import argparse
import signal
import sys
from pathlib import Path

from cheqi.web.api.bench_drive import Measured, Target, drive
from cheqi.web.api.bench_server import Server
from cheqi.web.scratch import TITLES, Place, scratch

TARGETS = {"SQLite": 6000, "PostgreSQL": 4000}
HEAD = (
    f"{'database':<11}{'look-up':<22}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'CPU µs':>8}{'errors':>8}"
    f"{'asking µs':>11}"
)
WAYS = (
    ("prepared row", "/api/v1/progress/", False),
    ("prepared row, 304", "/api/v1/progress/", True),
    ("through the ORM", "/api/v1/progress-orm/", False),
)


def main() -> int:
    """Prints one table; status 0 also when a target is missed, since a benchmark tells and does not judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, help="of each worker; as `cheqi run` has them by default")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument(
        "--keep", type=Path, help="a folder in which the filled databases stay for the next run"
    )
    parser.add_argument("--fill-only", action="store_true", help="fill what is kept and measure nothing")
    parser.add_argument("--own-load", action="store_true", help="our own load generator, not wrk")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    print(f"{arguments.cases:,} cases, {arguments.connections} connections, {arguments.seconds} s each")
    print(HEAD)
    for title in TITLES:
        if arguments.only is None or title.lower().startswith(arguments.only):
            with scratch("api", title, keep=arguments.keep) as place:
                _measure(title, place, arguments)
    return 0


def _measure(title: str, place: Place, arguments: argparse.Namespace) -> None:
    environment = {**place.environment, "CHEQI_BENCH": "1"}
    world = place.filled("cheqi.web.api.bench_world", str(arguments.cases))
    if arguments.fill_only:
        return
    with Server(environment, workers=arguments.workers, threads=arguments.threads) as server:
        for name, path, is_conditional in WAYS:
            target = Target(
                port=server.port,
                path=path,
                key=world["key"],
                numbers=world["pattern"],
                cases=arguments.cases,
                etag=world["etag"] if is_conditional else "",
            )
            drive(target, seconds=2, connections=arguments.connections, is_own=arguments.own_load)
            before = server.cpu_seconds()
            found = drive(
                target,
                seconds=arguments.seconds,
                connections=arguments.connections,
                is_own=arguments.own_load,
            )
            _say(title, name, found, server.cpu_seconds() - before)
    print(
        f"{title:<11}target ≥ {TARGETS[title]:,} req/s, p99 < 20 ms; body {world['bytes']} bytes", flush=True
    )


def _say(title: str, name: str, found: Measured, cpu_s: float) -> None:
    cpu_us, own_us = (part * 1e6 / max(found.requests, 1) for part in (cpu_s, found.own_cpu_s))
    print(
        f"{title:<11}{name:<22}{found.rate:>8,.0f}{found.p50_ms:>8.1f}{found.p99_ms:>8.1f}"
        f"{cpu_us:>8.0f}{found.errors:>8}{own_us:>11.0f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
