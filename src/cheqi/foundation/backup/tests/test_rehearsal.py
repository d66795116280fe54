"""The rehearsal: back an installation up, destroy it, restore it, and compare.

The real commands in processes of their own, on the database of the test lane: an SQLite home, or a database
made for this test on the PostgreSQL server.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

PASSPHRASE = "correct horse battery"

FILL = """
from datetime import datetime, UTC
from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.staff import operations
from cheqi.foundation.staff.models import Branch
branch = Branch.objects.create(code="HZ", name="杭州")
operations.add_member(login="chen", name="陈静", password="correct horse 7", mobile="13800138866",
                      branch=branch, actor=SYSTEM, now=datetime(2026, 12, 1, tzinfo=UTC))
"""
LOOK = """
import json
from django.apps import apps
from cheqi.foundation.privacy import blind
from cheqi.foundation.staff.models import Member
counts = {m._meta.label: m._default_manager.count() for m in apps.get_models()}
found = Member.objects.filter(mobile_index=blind.index("mobile", "13800138866")).first()
print(json.dumps({"counts": counts, "mobile": found.mobile if found else None,
                  "branch": found.branch.name if found else None}))
"""


class House:
    """One installation, spoken to by its commands only."""

    def __init__(self, home: Path, database_url: str) -> None:
        self.home = home
        self._environment = {
            **os.environ,
            "CHEQI_HOME": str(home),
            "CHEQI_DATABASE_URL": database_url,
            "CHEQI_BACKUP_PASSPHRASE": PASSPHRASE,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`cheqi …`."""
        return subprocess.run(
            [sys.executable, "-m", "cheqi", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def do(self, *arguments: str) -> str:
        """A command that works."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def look(self) -> object:
        """Row counts, and a sealed value found by its index and opened."""
        return json.loads(self.do("manage", "shell", "--no-imports", "-c", LOOK))

    def files(self) -> dict[str, bytes]:
        """The file store."""
        folder = self.home / "files"
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def database_url() -> Iterator[str]:
    """Nothing for SQLite; a fresh database on the lane's PostgreSQL server."""
    if connection.vendor == "sqlite":
        yield ""
        return
    if shutil.which("pg_dump") is None:
        pytest.skip("no PostgreSQL client programs here")
    given = urlsplit(os.environ["CHEQI_DATABASE_URL"])
    name = f"cheqi_rehearsal_{os.getpid()}"
    with psycopg.connect(urlunsplit(given), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield urlunsplit(given._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def destroyed(house: House, database_url: str) -> None:
    """Nothing of the installation is left."""
    shutil.rmtree(house.home)
    if database_url:
        with psycopg.connect(database_url, autocommit=True) as rows:
            rows.execute("DROP SCHEMA public CASCADE")
            rows.execute("CREATE SCHEMA public")


@pytest.mark.slow
@pytest.mark.django_db
def test_a_destroyed_installation_comes_back_with_rows_files_and_sealed_values(
    tmp_path: Path, database_url: str
) -> None:
    house, backup = House(tmp_path / "home", database_url), str(tmp_path / "backup")
    house.do("manage", "migrate", "-v0")
    house.do("manage", "shell", "--no-imports", "-c", FILL)
    (house.home / "files" / "ab").mkdir(parents=True)
    (house.home / "files" / "ab" / "abcd").write_bytes(b"\x89PNG")
    before, files = house.look(), house.files()
    assert "keys" in house.do("backup", backup)
    assert house.do("backup", backup, "--verify").startswith("sound:")

    refused = house.run("restore", backup)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert house.look() == before

    destroyed(house, database_url)
    house.do("restore", backup)

    assert house.look() == before
    assert isinstance(before, dict)
    assert (before["mobile"], before["branch"]) == ("13800138866", "杭州")
    assert house.files() == files == {"ab/abcd": b"\x89PNG"}

    assert "1 of 1 rows moved to the key k2" in house.do("keys", "rotate")
    assert house.do("keys", "list") == "k1\nk2  current\n"
    house.do("restore", backup, "--replace")
    assert house.look() == before
    assert house.do("keys", "list") == "k1  current\n"
