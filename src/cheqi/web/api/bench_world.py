"""Fills the benchmark's database: one real case, opened by the engine, and a million of its kind beside it.

`python -m cheqi.web.api.bench_world 1000000` prints the key of a client that sees half of the branches, the
pattern of the numbers, and the size of one answer. The rows are made by the database itself.
"""

import json
import os
import sys
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
BRANCHES = 100
SEEN = 50
PATTERN = "BN-%09d"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_SERIES = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) "
    "SELECT n FROM s)",
    "postgresql": "(SELECT n FROM generate_series(1, {count}) AS n)",
}
_NUMBER = {"sqlite": "printf('BN-%%09d', s.n)", "postgresql": "'BN-' || lpad(s.n::text, 9, '0')"}
_BODY = {
    "sqlite": "CAST(replace(CAST(p.body AS TEXT), c.number, {number}) AS BLOB)",
    "postgresql": "convert_to(replace(convert_from(p.body, 'UTF8'), c.number, {number}), 'UTF8')",
}


def fill(cases: int) -> dict[str, Any]:
    """The rows, the statistics, and the client; what the benchmark has to know."""
    from cheqi.foundation.workflow.models import Case, Progress

    case_id = _one_case()
    names = [str(field.column) for field in Case._meta.concrete_fields]
    _multiply(
        f"INSERT INTO workflow_case ({', '.join(names)}) SELECT "  # noqa: S608 - our own names
        + ", ".join(_case_column(name) for name in names)
        + " FROM workflow_case c, {series} s WHERE c.id = %s",
        cases,
        case_id,
    )
    columns = [str(field.column) for field in Progress._meta.concrete_fields]
    _multiply(
        f"INSERT INTO workflow_progress ({', '.join(columns)}) SELECT "  # noqa: S608 - our own names
        + ", ".join(_progress_column(name) for name in columns)
        + " FROM workflow_progress p JOIN workflow_case c ON c.id = p.case_id, {series} s"
        " WHERE p.case_id = %s",
        cases,
        case_id,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    row = Progress.objects.get(number=PATTERN % 1)
    return {"key": _client(), "pattern": PATTERN, "bytes": len(bytes(row.body)), "etag": f'"{row.etag}"'}


def _one_case() -> int:
    """A case of the application process, opened as a customer opens it."""
    from cheqi.core.base.actors import SYSTEM
    from cheqi.core.base.findings import Refused
    from cheqi.foundation.workflow.operations import open_case, publish_definition

    source = (files("cheqi.rules") / "packs" / "processes" / "application.yaml").read_text(encoding="utf-8")
    published = publish_definition(source=source, actor=SYSTEM, now=NOW)
    opened = open_case(
        process="application",
        branch_id=1,
        party_id=1,
        facts={"started_by": "CUSTOMER"},
        actor=SYSTEM,
        now=NOW,
        key="bench",
    )
    if isinstance(published, Refused) or isinstance(opened, Refused):
        raise TypeError(f"the bench has no case: {published} {opened}")
    return opened.case_id


def _multiply(sql: str, count: int, case_id: int) -> None:
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(sql.format(series=_SERIES[vendor].format(count=count)), [case_id])


def _case_column(name: str) -> str:
    """A column of a copy: its own id, number and branch, everything else as it is."""
    if name == "id":
        return f"{1000} + s.n"
    if name == "number":
        return _NUMBER[connection.vendor]
    return f"1 + (s.n - 1) % {BRANCHES}".replace("%", "%%") if name == "branch_id" else f"c.{name}"


def _progress_column(name: str) -> str:
    if name == "case_id":
        return "1000 + s.n"
    if name == "body":
        return _BODY[connection.vendor].format(number=_NUMBER[connection.vendor])
    if name in {"number", "branch_id"}:
        return _case_column(name)
    return f"p.{name}"


def _client() -> str:
    """A client of the first half of the branches whose rate does not stand in the way."""
    from cheqi.core.base.actors import SYSTEM
    from cheqi.foundation.access.operations import IssuedKey, add_client

    issued = add_client(
        name="压测",
        scopes=["progress:read"],
        branch_ids=range(1, SEEN + 1),
        per_minute=100_000_000,
        actor=SYSTEM,
        now=NOW,
    )
    if not isinstance(issued, IssuedKey):
        raise TypeError(f"no client: {issued}")
    return issued.key


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(fill(int(sys.argv[1]))))
