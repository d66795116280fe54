"""`kill -9` of the web server in the middle of a request: nothing is kept; sent again, it is done once."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from cheqi.adapters.wire.tests.running import Running
from cheqi.config.tests.free_ports import free_port
from cheqi.demo.lender import MANAGER
from cheqi.foundation.access.operations import add_client
from cheqi.foundation.jobs.tests.test_worker import until
from cheqi.foundation.workflow.models import Case
from cheqi.records.parties.models import Party
from tests.faults.conftest import Way, everything
from tests.faults.processes import Household, Process, ended, household, kill
from tests.journeys.acts import done

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AFTER_THE_KEY_IS_FREE = timedelta(minutes=5)
ABOUT_THE_CALL = {"access_idempotencykey"}


def answers_at(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def served(home: Household, port: int, at: datetime, **more: str) -> Process:
    """A web server that is up."""
    web = home.run(
        *("-m", "granian", "--interface", "wsgi", "tests.faults.web_at:application"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws", "--log-level", "error"),
        **{"CHEQI_TEST_AT": at.isoformat(), **more},
    )
    until(lambda: answers_at(port))
    return web


def facts() -> dict[str, list[dict[str, Any]]]:
    """Every row that says something about the business."""
    return {table: rows for table, rows in everything().items() if table not in ABOUT_THE_CALL}


def test_a_request_whose_server_was_killed_left_nothing_and_is_carried_out_once(
    way: Way, outside: dict[str, Running], tmp_path: Path
) -> None:
    branch, now, mark = way.world.lender.branches["HZ"].pk, way.world.now, tmp_path / "in-the-middle"
    scopes = ["applications:write", "applications:read"]
    client = done(add_client(name="经销商系统", scopes=scopes, branch_ids=[branch], actor=MANAGER, now=now))
    headers = {"Authorization": f"Bearer {client.key}", "Idempotency-Key": "start-1"}
    body, port = {"branch_id": branch, "mobile": "13900000018"}, free_port()

    def ask() -> urllib3.BaseHTTPResponse:
        url = f"http://127.0.0.1:{port}/api/v1/applications/"
        return urllib3.request("POST", url, json=body, headers=headers, retries=False, timeout=60)

    with household(tmp_path, outside) as home:
        before = facts()
        first = served(home, port, now, CHEQI_TEST_HANG=str(mark))
        with ThreadPoolExecutor(1) as caller:
            lost = caller.submit(ask)
            until(lambda: mark.exists() or lost.done())
            assert mark.exists(), (lost.result().status, lost.result().headers, lost.result().data)
            kill(first)
            assert isinstance(lost.exception(30), urllib3.exceptions.HTTPError)
        assert facts() == before

        second = served(home, port, now + AFTER_THE_KEY_IS_FREE)
        once, again = ask(), ask()
        assert (once.status, again.status) == (201, 201), once.data.decode()
        assert once.json() == again.json()
        assert (Case.objects.count(), Party.objects.count()) == (1, 1)
        assert ended(second) == 0
