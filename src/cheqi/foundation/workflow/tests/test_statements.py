"""How many statements a move takes: a number that somebody has to raise knowingly."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.tests.packs import World

VERBS = re.compile(r"\b(?:(INSERT) INTO|(UPDATE)) ((?:workflow|jobs|eventlog)_\w+)")


@contextmanager
def noted() -> Iterator[list[list[str]]]:
    """Notes what each statement does to which tables; the savepoints of a test's transaction are left out."""
    found: list[list[str]] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.split(maxsplit=1)[0] not in {"SAVEPOINT", "RELEASE"}:
            writes = [f"{insert or update} {table}" for insert, update, table in VERBS.findall(sql)]
            held = ["LOCK"] * ("pg_advisory_xact_lock" in sql)
            found.append([*writes, *held] or [sql.split(maxsplit=1)[0]])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


LOCK = ["LOCK"] * (connection.vendor == "postgresql")  # writers about one case take turns with its events


def sent(*together: str) -> list[list[str]]:
    """What is written at one time: PostgreSQL gets it as one statement, SQLite one by one."""
    return [list(together)] if connection.vendor == "postgresql" else [[one] for one in together]


def test_finishing_a_step_reads_twice_and_writes_each_kind_of_row_once(world: World) -> None:
    case = world.in_review(amount=20_000_000)
    lin = world.actor(world.reviewer)
    with noted() as statements:
        answer = world.finish(case.case_id, "review", lin, "approve")
    assert isinstance(answer, CaseMoved)
    assert statements == [
        ["SELECT"],  # the case, its steps, the end of its events, an earlier answer
        ["WITH"],  # what Lin counts as at the branch
        *sent("UPDATE workflow_steprow", "UPDATE workflow_clockinterval", "UPDATE workflow_case", *LOCK),
        *sent(
            "INSERT workflow_transition",
            "INSERT workflow_request",
            "INSERT workflow_progress",
            "INSERT eventlog_eventrow",
        ),
    ]


def test_a_step_that_opens_adds_its_candidates_its_row_and_its_clock(world: World) -> None:
    case = world.open()
    with noted() as statements:
        answer = world.finish(case.case_id, "send_documents", world.customer)
    assert isinstance(answer, CaseMoved)
    assert statements == [
        ["SELECT"],
        ["WITH"],  # who may be given the review
        *sent("UPDATE workflow_steprow", "UPDATE workflow_clockinterval", "UPDATE workflow_case", *LOCK),
        *sent(
            "INSERT workflow_steprow",
            "INSERT workflow_transition",
            "INSERT workflow_request",
            "INSERT workflow_progress",
            "INSERT eventlog_eventrow",
        ),
        ["INSERT workflow_clockinterval"],
    ]


def test_a_step_that_runs_adds_one_wake_up(world: World) -> None:
    case = world.in_review()
    lin = world.actor(world.reviewer)
    with noted() as statements:
        answer = world.finish(case.case_id, "review", lin, "approve")
    assert isinstance(answer, CaseMoved)
    written = [one for together in statements for one in together]
    assert len(written) == 12 + len(LOCK)
    assert written.count("INSERT jobs_wakeup") == 1


def test_the_same_key_again_is_answered_by_one_statement(world: World) -> None:
    case = world.in_review()
    lin = world.actor(world.reviewer)
    first = world.finish(case.case_id, "review", lin, "approve", key="k")
    with noted() as statements:
        assert world.finish(case.case_id, "review", lin, "approve", key="k") == first
    assert statements == [["SELECT"]]
