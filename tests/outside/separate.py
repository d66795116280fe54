"""A database that other processes can open: the lane's own on PostgreSQL, a copy in a file on SQLite.

Example: `with shared_database(tmp_path) as environment: subprocess.Popen(…, env=environment)`. Inside the
block the test's own queries see the same rows as the other process.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def shared_database(folder: Path) -> Iterator[dict[str, str]]:
    """The environment under which another process sees this test's database. Needs `transactional_db`."""
    environment = os.environ | {
        "CHEQI_HOME": str(folder),
        "DJANGO_SETTINGS_MODULE": "cheqi.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    values = connection.settings_dict
    if connection.vendor == "postgresql":
        place = f"{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
        yield environment | {"CHEQI_DATABASE_URL": f"postgresql://{place}"}
        return
    path = folder / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    kept, name = connection.connection, values["NAME"]
    connection.connection, values["NAME"] = None, str(path)
    try:
        connection.connect()
        yield environment | {"CHEQI_DATABASE_URL": f"sqlite:///{path}"}
    finally:
        opened = connection.connection
        connection.connection, values["NAME"] = kept, name
        if opened is not None:
            opened.close()
