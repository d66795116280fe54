"""How many process transitions a second: `python -m cheqi.foundation.workflow.bench`.

A transition is a real `finish_step` on the published application process: it closes a step, opens the
next ones with owners and clocks, wakes operations, renews the tracker's answer and logs its events, all
committed. Measured with one writing process and with four, on SQLite (synchronous FULL, in a temporary
folder) and on PostgreSQL (a database that is made and dropped; `CHEQI_BENCH_POSTGRES` says where).

Operations are woken, not run; guards of the area are left out (see `bench_world`). PostgreSQL is asked for
its statistics before the writers go, as autovacuum gives them within a minute: without any it counts the open
steps of a colleague by an index of something else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

STEPS = ("submit_online", "collect_materials", "authorise_credit", "verify_documents", "call_customer")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
TARGETS = {"SQLite": (500, 80), "PostgreSQL": (400, 150)}


def main() -> int:
    """Prints one table; status 0 also when a target is missed, since a benchmark tells and does not judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=200, help="cases of each writing process")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return _child(arguments.child, arguments.cases)
    print(f"{'database':<12}{'processes':>10}{'transitions/s':>15}{'of one':>9}{'target':>12}{'errors':>8}")
    if arguments.only != "postgres":
        with tempfile.TemporaryDirectory() as home:
            _measure("SQLite", f"sqlite:///{home}/bench.sqlite3", home, arguments.cases)
    if arguments.only != "sqlite":
        server = os.environ.get("CHEQI_BENCH_POSTGRES", POSTGRES)
        with tempfile.TemporaryDirectory() as home, _database(server) as url:
            _measure("PostgreSQL", url, home, arguments.cases)
    return 0


def _measure(title: str, url: str, home: str, cases: int) -> None:
    environment = {**os.environ, "CHEQI_DATABASE_URL": url, "CHEQI_HOME": home}
    _run(["-m", "cheqi", "manage", "migrate", "--verbosity", "0"], environment)
    _run(["-m", __spec__.name, "--child", "prepare"], environment)
    alone, target = 0.0, TARGETS[title]
    for writers in (1, 4):
        rate, errors = _write_together(writers, cases, environment, Path(home))
        alone = alone or rate
        wanted = f"≥ {target[0]}" if writers == 1 else f"≥ {target[1]} %"
        print(
            f"{title:<12}{writers:>10}{rate:>15.0f}{rate / alone:>8.0%} {wanted:>12}{errors:>8}", flush=True
        )


def _write_together(writers: int, cases: int, environment: dict[str, str], home: Path) -> tuple[float, int]:
    """Starts the writers, lets them go at the same moment, and gives transitions a second and errors."""
    go = home / f"go-{writers}"
    command = [sys.executable, "-m", __spec__.name, "--cases", str(cases)]
    children = [
        subprocess.Popen(
            [*command, "--child", f"{writers}.{number}:{go}"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(writers)
    ]
    for child in children:
        if child.stdout is None or child.stdout.readline() != "ready\n":
            raise RuntimeError("a writing process did not start")
    if environment["CHEQI_DATABASE_URL"].startswith("postgresql"):
        _say(environment["CHEQI_DATABASE_URL"], "ANALYZE")
    go.touch()
    answers = [child.communicate()[0].split() for child in children]
    started = min(float(answer[0]) for answer in answers)
    ended = max(float(answer[1]) for answer in answers)
    done = sum(int(answer[2]) for answer in answers)
    return done / (ended - started), sum(int(answer[3]) for answer in answers)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stderr=subprocess.DEVNULL)


class _database:  # noqa: N801 (reads as a block: with _database(server) as url)
    """A database of its own on the server, dropped at the end."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.name = f"cheqi_bench_{os.getpid()}"

    def __enter__(self) -> str:
        _say(self.server, f"CREATE DATABASE {self.name}")
        return urlsplit(self.server)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        _say(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")


def _say(server: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.encode())


def _child(task: str, cases: int) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
    django.setup()
    from cheqi.foundation.workflow import bench_world

    bench_world.register_stand_ins()
    if task == "prepare":
        bench_world.prepare(NOW - timedelta(days=30))
        return 0
    name, _, go = task.partition(":")
    work = bench_world.open_cases(name, cases, STEPS, NOW)
    next(work)
    print("ready", flush=True)
    while not Path(go).exists():
        time.sleep(0.005)
    started = time.time()
    done = errors = 0
    for answer in work:
        done += bool(answer)
        errors += not answer
    print(started, time.time(), done, errors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
