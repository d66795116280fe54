"""How many statements a move takes: a number that somebody has to raise knowingly."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.tests.packs import World

POSTGRES_LOCK = "SELECT pg_advisory_xact_lock"


@contextmanager
def noted() -> Iterator[list[str]]:
    """Notes the verb and table of each statement; the savepoints of a test's transaction are left out."""
    found: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        words = sql.split()
        if words[0] not in {"SAVEPOINT", "RELEASE"}:
            table = {"INSERT": 2, "UPDATE": 1}.get(words[0])
            lock = sql.startswith(POSTGRES_LOCK)
            found.append("LOCK" if lock else f"{words[0]} {words[table]}" if table else words[0])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


def at_last(statement: str) -> list[str]:
    """The last insertion of events; on PostgreSQL writers about one case take turns before it."""
    return ["LOCK", statement] if connection.vendor == "postgresql" else [statement]


def test_finishing_a_step_reads_twice_and_writes_each_kind_of_row_once(world: World) -> None:
    case = world.in_review(amount=20_000_000)
    lin = world.actor(world.reviewer)
    with noted() as statements:
        answer = world.finish(case.case_id, "review", lin, "approve")
    assert isinstance(answer, CaseMoved)
    assert statements == [
        "SELECT",  # the case, its steps, the end of its events, an earlier answer
        "WITH",  # what Lin counts as at the branch
        "UPDATE workflow_case",
        "UPDATE workflow_steprow",
        "UPDATE workflow_clockinterval",
        "INSERT workflow_transition",
        "INSERT workflow_request",
        "INSERT workflow_progress",
        *at_last("INSERT eventlog_eventrow"),
    ]


def test_a_step_that_opens_adds_its_candidates_its_row_and_its_clock(world: World) -> None:
    case = world.open()
    with noted() as statements:
        answer = world.finish(case.case_id, "send_documents", world.customer)
    assert isinstance(answer, CaseMoved)
    assert statements == [
        "SELECT",
        "WITH",  # who may be given the review
        "UPDATE workflow_case",
        "UPDATE workflow_steprow",
        "INSERT workflow_steprow",
        "UPDATE workflow_clockinterval",
        "INSERT workflow_clockinterval",
        "INSERT workflow_transition",
        "INSERT workflow_request",
        "INSERT workflow_progress",
        *at_last("INSERT eventlog_eventrow"),
    ]


def test_a_step_that_runs_adds_one_wake_up(world: World) -> None:
    case = world.in_review()
    lin = world.actor(world.reviewer)
    with noted() as statements:
        answer = world.finish(case.case_id, "review", lin, "approve")
    assert isinstance(answer, CaseMoved)
    assert len(statements) == 11 + len(at_last("events"))
    assert statements.count("INSERT jobs_wakeup") == 1


def test_the_same_key_again_is_answered_by_one_statement(world: World) -> None:
    case = world.in_review()
    lin = world.actor(world.reviewer)
    first = world.finish(case.case_id, "review", lin, "approve", key="k")
    with noted() as statements:
        assert world.finish(case.case_id, "review", lin, "approve", key="k") == first
    assert statements == ["SELECT"]
