"""The product's WSGI application with the test's clock, and a moment in which a request can be made to hang.

`CHEQI_TEST_AT` says when the clock began. With `CHEQI_TEST_HANG`, whoever has just logged what happened to a
case, in the middle of its transaction, makes that file and waits to be killed.
"""

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

_BEGAN_AT, _BEGAN = datetime.fromisoformat(os.environ["CHEQI_TEST_AT"]), time.monotonic()
timezone.now = lambda: _BEGAN_AT + timedelta(seconds=time.monotonic() - _BEGAN)

from django.db.backends.signals import connection_created  # noqa: E402 (after the clock is set)

from cheqi.config.wsgi import application  # noqa: E402 (after the clock is set)

__all__ = ["application"]
LOGS = "INSERT INTO eventlog_eventrow "


def _hang_after_logging(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    answer = execute(sql, params, many, context)
    if LOGS in str(sql) and context["connection"].in_atomic_block:
        Path(os.environ["CHEQI_TEST_HANG"]).touch()
        threading.Event().wait()
    return answer


def _watch(*, connection: Any, **_: Any) -> None:
    if _hang_after_logging not in connection.execute_wrappers:
        connection.execute_wrappers.append(_hang_after_logging)


if os.environ.get("CHEQI_TEST_HANG"):
    connection_created.connect(_watch)
