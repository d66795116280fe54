"""Asks for every page of the desk through the WSGI application, counts statements and takes the time.

`python -m cheqi.web.desk.bench_pages SQLite 9` prints a line a page, in the environment of a filled place.
"""

import io
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
PEOPLE = ("chenjing", "zhaolei", "zhouning", "wutong")
MOST_STATEMENTS, LONGEST_MS = 15, 200
HEAD = (
    f"{'database':<11}{'page':<46}{'statements':>11}{'median ms':>10}{'worst ms':>10}{'KiB':>7}  slowest for"
)

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person waited for: statements of the first time, milliseconds of each time."""

    who: str
    status: int
    size: int
    statements: int
    times_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """Half of the times were faster."""
        return statistics.median(self.times_ms)


def main(title: str, times: int, only: str) -> None:
    """Prints the table, and below it what is over its bounds."""
    from django.core.servers.basehttp import get_internal_wsgi_application

    from cheqi.web.desk.every_page import PAGES, ROOT, examples

    application, known, short = (
        get_internal_wsgi_application(),
        examples(datetime.now(UTC).date()),
        list[str](),
    )
    cookies = {login: _logged_in(login, known) for login in PEOPLE}
    print(HEAD, flush=True)
    for page in PAGES:
        if not page.startswith(only):
            continue
        address = quote(ROOT + page.format(**known), safe="/?&=")
        seen = [_look(application, address, who, cookie, times) for who, cookie in cookies.items()]
        if broken := [one.who for one in seen if one.status >= HTTPStatus.INTERNAL_SERVER_ERROR]:
            raise RuntimeError(f"{address} is broken for {', '.join(broken)}")
        shown = [one for one in seen if one.status == 200] or seen
        slowest = max(shown, key=lambda one: one.median_ms)
        statements, worst = max(one.statements for one in shown), max(max(one.times_ms) for one in shown)
        status = "" if slowest.status == 200 else f" {slowest.status}"
        print(
            f"{title:<11}{page or '(queue)':<46}{statements:>11}{slowest.median_ms:>10.0f}{worst:>10.0f}"
            f"{slowest.size // 1024:>7}  {slowest.who}{status}",
            flush=True,
        )
        if statements > MOST_STATEMENTS or slowest.median_ms > LONGEST_MS:
            short.append(page or "(queue)")
    said = ", ".join(short) or "none"
    print(f"over {MOST_STATEMENTS} statements or {LONGEST_MS} ms (median): {said}", flush=True)


def _look(application: Application, address: str, who: str, cookie: str, times: int) -> Seen:
    with _counted() as statements:
        status, size = _ask(application, address, cookie)
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        _ask(application, address, cookie)
        spent.append((time.perf_counter() - started) * 1000)
    return Seen(who, status, size, len(statements), tuple(spent))


def _ask(application: Application, address: str, cookie: str) -> tuple[int, int]:
    """Status and size of the answer, all of it read."""
    path, _, query = address.partition("?")
    status = [0]

    def start(line: str, _headers: list[tuple[str, str]], _problem: object = None) -> None:
        status[0] = int(line[:3])

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    answer = application(environ, start)
    size = sum(len(part) for part in answer)
    answer.close()
    return status[0], size


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The statements that are sent inside the block; where transactions begin and end is left out."""
    from django.db import connection

    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "SAVEPOINT" not in sql and not sql.startswith("BEGIN"):
            sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield sent


def _logged_in(login: str, known: Mapping[str, object]) -> str:
    """The cookie of a session in which both factors were passed, and everything was searched for."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from cheqi.foundation.staff import sessions
    from cheqi.foundation.staff.models import Member
    from cheqi.web.desk.every_page import searched

    member, session = Member.objects.get(login=login), SessionStore()
    held = {"id": member.pk, "epoch": member.session_epoch, "passed": True, "stepped_up": None}
    session[sessions.KEY] = {**held, "began": datetime.now(UTC).isoformat()}
    searched(session, known, datetime.now(UTC))
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    django.setup()
    logging.disable(logging.CRITICAL)  # who may not see a page is no news here
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
