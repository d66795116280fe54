"""The databases of the benchmarks: made for one run and dropped, or kept full for the next run.

>>> with scratch("api", "SQLite", keep=None) as place:                        # doctest: +SKIP
...     manage(place.environment, "migrate")
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
TITLES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a benchmark works: its home, and the environment that leads there."""

    home: Path
    environment: dict[str, str]

    def filled(self, module: str, *arguments: str) -> dict[str, Any]:
        """What `python -m module arguments` prints as JSON once it filled the database; asked once a place.

        Raises CalledProcessError where that fails, ValueError where what is kept was filled by another call.
        """
        note, asked = self.home / "filled.json", self.home / "filled.txt"
        wanted = " ".join((module, *arguments))
        if note.exists() and asked.read_text() != wanted:
            raise ValueError(f"{self.home} was filled by {asked.read_text()}, not {wanted}: empty it first")
        manage(self.environment, "migrate", "--verbosity", "0", "--skip-checks")
        if not note.exists():
            command = [sys.executable, "-m", module, *arguments]
            done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE)
            asked.write_text(wanted)
            note.write_bytes(done.stdout)
        found: dict[str, Any] = json.loads(note.read_bytes())
        return found


@contextmanager
def scratch(name: str, title: str, *, keep: Path | None) -> Iterator[Place]:
    """A place with an empty database, or the one that `keep` holds. `title` is one of TITLES.

    What is kept stays when the run ends, on PostgreSQL as database `cheqi_kept_<name of the folder>`.
    """
    if keep is not None:
        home = keep / f"{name}-{title.lower()}"
        home.mkdir(parents=True, exist_ok=True)
        with _database(title, home, f"cheqi_kept_{keep.name}_{name}", is_kept=True) as url:
            yield _place(home, url)
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with _database(title, home, f"cheqi_bench_{name}_{os.getpid()}", is_kept=False) as url:
            yield _place(home, url)


def manage(environment: dict[str, str], *arguments: str) -> None:
    """`cheqi manage …` in the benchmark's environment."""
    subprocess.run([sys.executable, "-m", "cheqi", "manage", *arguments], env=environment, check=True)


def _place(home: Path, url: str) -> Place:
    given = {"CHEQI_DATABASE_URL": url, "CHEQI_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    return Place(home, {**os.environ, **given})


@contextmanager
def _database(title: str, home: Path, name: str, *, is_kept: bool) -> Iterator[str]:
    if title == "SQLite":
        yield f"sqlite:///{home / 'bench.sqlite3'}"
        return
    import psycopg

    server = os.environ.get("CHEQI_BENCH_POSTGRES", POSTGRES)
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            (home / "filled.json").unlink(missing_ok=True)
            connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            if not is_kept:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
