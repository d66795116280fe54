"""Taking a consistent copy of the rows, and putting one back, on either database.

SQLite goes by its online backup: a snapshot while others write. PostgreSQL goes by `pg_dump` and `psql`,
which must be installed; the old schema is replaced by the copy in one transaction.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TIMEOUT_S = 6 * 3600


class UnableToCopy(RuntimeError):
    """A tool is missing or failed; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """A file."""

    path: Path
    kind: str = "sqlite"
    file_name: str = "database.sqlite3"

    def dump(self, target: Path) -> None:
        """A snapshot by the online backup, checked."""
        if not self.path.exists():
            raise UnableToCopy(f"there is no database at {self.path}")
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        _check(target)

    def is_occupied(self) -> bool:
        """Whether the file has tables."""
        if not self.path.exists():
            return False
        with closing(sqlite3.connect(self.path)) as held:
            (count,) = held.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()
        return bool(count)

    def load(self, source: Path) -> None:
        """Copies beside the database, then takes its place in one step."""
        _check(source)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.restoring")
        shutil.copyfile(source, draft)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        draft.replace(self.path)


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """A database on a server, reached by its client programs."""

    name: str
    user: str
    host: str
    port: str
    password: str = field(repr=False)
    kind: str = "postgresql"
    file_name: str = "database.dump"

    def dump(self, target: Path) -> None:
        """`pg_dump` in its custom format: one snapshot."""
        self._run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", self.name
        )

    def is_occupied(self) -> bool:
        """Whether the public schema has tables."""
        count = self._run("psql", "-XAtqc", _COUNT_TABLES, self.name)
        return int(count) > 0

    def load(self, source: Path) -> None:
        """The dump as a script, behind the removal of the old schema, in one transaction."""
        with tempfile.TemporaryDirectory(prefix="cheqi-restore-") as folder:
            script = Path(folder) / "restore.sql"
            self._run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
            before = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
            self._run(
                *("psql", "-Xq", "--single-transaction", "-v", "ON_ERROR_STOP=1"),
                *("-c", "SET client_min_messages = warning", "-c", before, "-f", str(script), self.name),
            )

    def _run(self, program: str, *arguments: str) -> str:
        found = shutil.which(program)
        if found is None:
            raise UnableToCopy(f"{program} is not installed: install the PostgreSQL client programs")
        given = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        environment = {**os.environ, **{name: value for name, value in given.items() if value}}
        try:
            done = subprocess.run(
                [found, *arguments],
                env=environment,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UnableToCopy(f"{program} did not end within {TIMEOUT_S // 3600} hours") from None
        if done.returncode:
            raise UnableToCopy(f"{program} failed: {done.stderr.strip()[-500:]}")
        return done.stdout


Database = SqliteDatabase | PostgresDatabase


def database_of(settings: Mapping[str, Any]) -> Database:
    """The database of Django's settings."""
    if "sqlite" in settings["ENGINE"]:
        return SqliteDatabase(Path(settings["NAME"]))
    return PostgresDatabase(
        name=str(settings["NAME"]),
        user=str(settings.get("USER", "")),
        host=str(settings.get("HOST", "")),
        port=str(settings.get("PORT", "")),
        password=str(settings.get("PASSWORD", "")),
    )


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        try:
            (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise UnableToCopy(f"{path.name} is no sound database: {error}") from error
    if answer != "ok":
        raise UnableToCopy(f"{path.name} is no sound database: {answer}")


_COUNT_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
