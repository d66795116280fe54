"""The product's WSGI application with the test's clock, and a moment in which a request can be made to hang.

`CHEQI_TEST_AT` says when the clock began. With `CHEQI_TEST_HANG`, whoever is about to log what happened to a
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

from cheqi.config.wsgi import application  # noqa: E402 (after the clock is set)
from cheqi.foundation.workflow.operations import writing  # noqa: E402

__all__ = ["application"]


def _hang(*_: Any, **__: Any) -> None:
    Path(os.environ["CHEQI_TEST_HANG"]).touch()
    threading.Event().wait()


if os.environ.get("CHEQI_TEST_HANG"):
    writing.append = _hang
