"""How the look-up reads its row: over connections of its own, one a thread, opened once and kept.

PostgreSQL: a prepared statement through libpq itself, binary both ways, so nothing is parsed or quoted per
request. SQLite: a read-only connection; in WAL mode it neither waits for writers nor holds them up.
A connection that broke is opened anew once, then the caller is told (`UnableToRead`).
"""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import psycopg
from django.db import Error, connection
from psycopg import pq
from psycopg.conninfo import make_conninfo

from cheqi.web.api.look_up import SQL, ProgressRow, Reader, UnableToRead

_STATEMENT = b"progress"
_OPTIONS = "-c default_transaction_read_only=on -c statement_timeout=5000 -c jit=off"


def django_reader(number: str) -> ProgressRow | None:
    """Over Django's own connection, for its route and for tests. Raises UnableToRead."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(SQL.format(place="%s"), [number])
            row = cursor.fetchone()
    except Error as failed:
        raise UnableToRead(str(failed)) from failed
    if row is None:
        return None
    case_id, branch_id, party_id, etag, body, expected, tag = row
    return ProgressRow(case_id, branch_id, party_id, etag, bytes(body), expected, tag)


def reader_for(settings: dict[str, Any]) -> Reader:
    """The reader of a database as Django's settings name it."""
    if settings["ENGINE"].endswith("postgresql"):
        return PostgresReader(_conninfo(settings))
    return SqliteReader(str(settings["NAME"]))


class SqliteReader:
    """Reads from the file, one connection a thread."""

    def __init__(self, path: str) -> None:
        self._address = f"{Path(path).absolute().as_uri()}?mode=ro"
        self._sql = SQL.format(place="?")
        self._local = threading.local()

    def __call__(self, number: str) -> ProgressRow | None:
        """One statement. Raises UnableToRead."""
        for is_last in (False, True):
            try:
                row = self._connection().execute(self._sql, (number,)).fetchone()
            except sqlite3.Error as failed:
                self._local.connection = None
                if is_last:
                    raise UnableToRead(str(failed)) from failed
            else:
                return None if row is None else ProgressRow(*row)
        raise AssertionError("the last try either gives or raises")

    def _connection(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = sqlite3.connect(self._address, uri=True, timeout=5, isolation_level=None)
            self._local.connection = held
        return held


class PostgresReader:
    """Reads over libpq, one connection with the prepared statement a thread."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo.encode()
        self._sql = SQL.format(place="$1").encode()
        self._local = threading.local()

    def __call__(self, number: str) -> ProgressRow | None:
        """One statement. Raises UnableToRead."""
        wanted = [number.encode()]
        for is_last in (False, True):
            try:
                result = self._connection().exec_prepared(_STATEMENT, wanted, None, 1)
                _expect(pq.ExecStatus.TUPLES_OK, result)
            except (psycopg.OperationalError, UnableToRead) as failed:
                self._local.connection = None
                if is_last:
                    raise UnableToRead(str(failed)) from failed
            else:
                return _row(result) if result.ntuples else None
        raise AssertionError("the last try either gives or raises")

    def _connection(self) -> Any:
        held = getattr(self._local, "connection", None)
        if held is None:
            held = pq.PGconn.connect(self._conninfo)
            if held.status != pq.ConnStatus.OK:
                raise UnableToRead(held.get_error_message())
            _expect(pq.ExecStatus.COMMAND_OK, held.prepare(_STATEMENT, self._sql))
            self._local.connection = held
        return held


def _expect(status: pq.ExecStatus, result: Any) -> None:
    if result.status != status:
        raise UnableToRead(result.get_error_message())


def _row(result: Any) -> ProgressRow:
    case_id, branch_id, party_id, etag, body, expected, tag = (result.get_value(0, at) for at in range(7))
    return ProgressRow(
        int.from_bytes(case_id, "big", signed=True),
        None if branch_id is None else int.from_bytes(branch_id, "big", signed=True),
        None if party_id is None else int.from_bytes(party_id, "big", signed=True),
        etag.decode(),
        body,
        expected.decode(),
        tag.decode(),
    )


def _conninfo(settings: dict[str, Any]) -> str:
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    given = {name: value for name, value in named.items() if value}
    return make_conninfo(**given, options=_OPTIONS, connect_timeout=5, application_name="cheqi-progress")
