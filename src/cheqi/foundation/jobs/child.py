"""`python -m cheqi.foundation.jobs.child`: runs tasks for a worker's lane, one line of JSON each way.

Its standard output is kept for answers; what a task prints goes to standard error. When the worker is
gone, its pipe closes and the child ends at once, in the middle of a task too: the lease counts it.
"""

import importlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TextIO

import django
from django.db import close_old_connections


def main() -> None:
    """Answers questions until the pipe closes."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    questions: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
    django.setup()
    _say(answers, {"ready": True})
    while True:
        _say(answers, _answer(json.loads(questions.get())))


def _say(answers: TextIO, answer: Mapping[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _listen(questions: queue.Queue[str]) -> None:
    for line in sys.stdin:
        questions.put(line)
    os._exit(0)


def _answer(question: dict[str, Any]) -> dict[str, str | None]:
    running = importlib.import_module("cheqi.foundation.jobs.running")
    registry = importlib.import_module("cheqi.foundation.jobs.registry")
    close_old_connections()
    try:
        importlib.import_module(question["module"])
        wake = registry.Wake(question["task"], question["key"], question["data"], question["attempt"])
        again_at = running.run_here(wake, datetime.fromisoformat(question["now"]))
    except Exception as problem:
        return {"error": running.told(problem)}
    finally:
        close_old_connections()
    return {"again_at": again_at.isoformat() if again_at else None}


if __name__ == "__main__":
    main()
