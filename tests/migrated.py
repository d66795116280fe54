"""One migrated database for all workers and runs: SQLite in memory starts as a copy of it.

Migrating takes a second in each worker, and gives the same every time while migrations, models and Django
are the same. So the first worker that migrates keeps the result in pytest's cache, under the hash of all
that made it, and the next one copies it (a hundredth of a second). Anything else that is asked of Django
runs as always; so do files and PostgreSQL.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import django
from django.apps import apps
from django.core import management
from django.core.management import call_command
from django.db import connection
from django.db.backends.sqlite3.creation import DatabaseCreation


def copy_what_was_migrated(folder: Path) -> None:
    """From now on, until the process ends, where Django makes a test database."""
    create: Callable[..., str] = DatabaseCreation.create_test_db

    def call(command: str, *arguments: Any, **options: Any) -> Any:
        if command != "migrate" or not connection.is_in_memory_db():
            return call_command(command, *arguments, **options)
        kept = folder / f"{made_of()}.sqlite3"
        if kept.exists():
            return _copy(kept)
        call_command(command, *arguments, **options)
        return _keep(kept)

    def create_test_db(self: DatabaseCreation, *arguments: Any, **options: Any) -> str:
        with mock.patch.object(management, "call_command", call):
            return create(self, *arguments, **options)

    DatabaseCreation.create_test_db = create_test_db  # type: ignore[method-assign]


def made_of() -> str:
    """The hash of every file that says what a migrated database is: migrations, models, versions."""
    digest = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        if not app.name.startswith("cheqi."):
            continue
        for file in sorted(Path(app.path).rglob("*.py")):
            if "migrations" in file.parts or "models" in file.relative_to(app.path).as_posix():
                digest.update(f"{file.relative_to(app.path)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:24]


def _copy(kept: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def _keep(kept: Path) -> None:
    for old in kept.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    begun = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(begun)) as target:
        connection.connection.backup(target)
    begun.replace(kept)
