"""Waking work up, and what people do with what failed for good."""

import json
from datetime import datetime
from typing import Any

from cheqi.foundation.jobs.registry import TASKS
from cheqi.foundation.prepared import Statement, adapted
from cheqi.foundation.prepared import cursor as prepared_cursor

_WAKE = """
INSERT INTO jobs_wakeup AS live (task, key, queue, state, run_at, attempts, last_error, data, created_at)
VALUES (%s, %s, %s, 'WAITING', %s, 0, '', %s, %s)
ON CONFLICT (task, key) WHERE state IN ('WAITING', 'RUNNING') DO UPDATE SET
    run_at = CASE WHEN live.state = 'WAITING' AND excluded.run_at < live.run_at
             THEN excluded.run_at ELSE live.run_at END,
    again_at = CASE WHEN live.state = 'RUNNING' AND excluded.run_at < COALESCE(live.again_at, '9999-12-31')
               THEN excluded.run_at ELSE live.again_at END,
    data = COALESCE(excluded.data, live.data)
"""


class UnknownTask(LookupError):
    """Nothing answers this task name: its `tasks.py` is missing or misspelt."""


def wake(
    task: str, key: str, *, now: datetime, run_at: datetime | None = None, data: dict[str, Any] | None = None
) -> None:
    """Has `task` look at the row named `key`, at once or at `run_at`, when the caller's transaction commits.

    At most one row a task and key is live: a second wake-up moves a waiting one forward, and has a
    running one run again, since it may have looked too early. `data` is small and JSON; the newest wins.
    Raises UnknownTask.
    """
    sql, values = waking(task, key, now=now, run_at=run_at, data=data)
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)


def waking(
    task: str, key: str, *, now: datetime, run_at: datetime | None = None, data: dict[str, Any] | None = None
) -> Statement:
    """The statement of `wake`, for a caller who sends several together. Raises UnknownTask."""
    if task not in TASKS:
        raise UnknownTask(task)
    stored = None if data is None else json.dumps(data, ensure_ascii=False)
    return _WAKE, [task, key, TASKS[task].queue, adapted(run_at or now), stored, adapted(now)]
