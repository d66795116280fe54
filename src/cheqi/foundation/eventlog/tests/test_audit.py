"""The log for those who check: in scope, newest first, page behind page, whatever its length."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.events.access import StaffLoggedIn, Unmasked
from cheqi.core.events.base import Event
from cheqi.foundation.eventlog.audit import (
    LogFilters,
    Mark,
    checked_entry,
    every_entry,
    log_count,
    log_page,
)
from cheqi.foundation.eventlog.operations import record, seal
from cheqi.foundation.eventlog.tests.examples import DoorOpened
from cheqi.foundation.eventlog.tests.scenarios import NOW
from cheqi.foundation.staff.tests.scenarios import a_branch, a_member
from cheqi.foundation.workflow.models import Case, DefinitionRow

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ActorKind.STAFF, "5", "吴桐", frozenset({"auditor"}), Scope(everything=True))
MANAGER = Actor(ActorKind.STAFF, "12", "陈静")
LOG_IN, UNMASKED, DOOR = StaffLoggedIn.TYPE, Unmasked.TYPE, DoorOpened.TYPE


def log(event: Event, *, after_minutes: int, actor: Actor = SYSTEM, case_id: int | None = None) -> int:
    """One entry; its id."""
    with transaction.atomic():
        at = NOW + timedelta(minutes=after_minutes)
        return record(event, actor=actor, now=at, case_id=case_id).id


def an_unmasking(after_minutes: int, actor: Actor = MANAGER) -> int:
    """Somebody looks at a number."""
    event = Unmasked(table="party", field="mobile", row_seal="x", reason="致电核实")
    return log(event, after_minutes=after_minutes, actor=actor)


def an_hour() -> list[int]:
    """Doors each ten minutes, in between a log-in and an unmasking; the ids, oldest first."""
    return [
        log(DoorOpened(door=1), after_minutes=0, case_id=1),
        log(DoorOpened(door=2), after_minutes=10, case_id=2),
        log(StaffLoggedIn(member_id=12, address="10.0.0.1"), after_minutes=15, actor=MANAGER),
        log(DoorOpened(door=3), after_minutes=20, case_id=1),
        an_unmasking(25),
        log(DoorOpened(door=4), after_minutes=30, case_id=1),
    ]


def ids(filters: LogFilters, actor: Actor = AUDITOR, limit: int = 50) -> list[int]:
    """What is found."""
    return [one.id for one in log_page(filters, actor, limit=limit)]


def at(minutes: int) -> datetime:
    """A moment of the hour."""
    return NOW + timedelta(minutes=minutes)


def test_everything_is_there_newest_first() -> None:
    made = an_hour()
    assert ids(LogFilters()) == made[::-1]


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        (LogFilters(types=(UNMASKED,)), [4]),
        (LogFilters(types=(LOG_IN, UNMASKED)), [4, 2]),
        (LogFilters(types=(DOOR, UNMASKED)), [5, 4, 3, 1, 0]),
        (LogFilters(case_id=1), [5, 3, 0]),
        (LogFilters(case_id=1, types=(LOG_IN, DOOR)), [5, 3, 0]),
        (LogFilters(member_ids=(12,)), [4, 2]),
        (LogFilters(member_ids=(12,), types=(LOG_IN, DOOR)), [2]),
        (LogFilters(member_ids=()), []),
        (LogFilters(since=at(10), until=at(25)), [3, 2, 1]),
        (LogFilters(types=(DOOR, LOG_IN), since=at(10), until=at(20)), [2, 1]),
    ],
)
def test_the_log_is_narrowed_by_kind_case_colleague_and_period(
    filters: LogFilters, places: list[int]
) -> None:
    made = an_hour()
    assert ids(filters) == [made[place] for place in places]
    assert log_count(filters, AUDITOR) == len(places)


@pytest.mark.parametrize("types", [(), (DOOR, LOG_IN, UNMASKED)])
def test_pages_go_on_behind_the_last_line_also_among_equal_times(types: tuple[str, ...]) -> None:
    made = [log(DoorOpened(door=n), after_minutes=n // 4, case_id=1) for n in range(11)]
    found, filters = list[int](), LogFilters(types=types)
    while page := log_page(filters, AUDITOR, limit=3):
        found += [one.id for one in page]
        filters = LogFilters(types=types, behind=Mark(page[-1].occurred_at, page[-1].id))
    assert found == made[::-1]
    assert [one.id for batch in every_entry(LogFilters(types=types), AUDITOR) for one in batch] == found


def test_a_page_of_several_kinds_takes_two_statements_and_looks_at_a_page_of_each() -> None:
    an_hour()
    with CaptureQueriesContext(connection) as asked:
        ids(LogFilters(types=(DOOR, LOG_IN, UNMASKED)), limit=2)
    assert len(asked.captured_queries) == 2
    first = asked.captured_queries[0]["sql"]
    assert (first.count("LIMIT 2"), first.count("UNION ALL")) == (3, 2)


@pytest.mark.parametrize(
    "text", ["", "42", "2026-1", "20261123T010000.000000-", "20261123T010000.000000-x", "x-1"]
)
def test_nonsense_is_no_mark(text: str) -> None:
    assert Mark.read(text) is None


def test_a_mark_reads_back() -> None:
    mark = Mark(datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=UTC), 42)
    assert Mark.read(str(mark)) == mark


def test_who_does_not_check_access_reads_nothing() -> None:
    (first, *_) = an_hour()
    reviewer = Actor(ActorKind.STAFF, "6", "赵磊", frozenset({"reviewer"}), Scope(everything=True))
    assert ids(LogFilters(), reviewer) == []
    assert ids(LogFilters(types=(DOOR, LOG_IN)), reviewer) == []
    assert log_count(LogFilters(), reviewer) == 0
    assert checked_entry(first, reviewer) is None


def test_who_is_bound_to_a_branch_reads_its_cases_and_what_its_colleagues_did() -> None:
    here, there = a_branch("HZ"), a_branch("SH")
    definition = DefinitionRow.objects.create(
        process="example", version=1, content_hash="0", effective_from=NOW, published_at=NOW
    )
    case_ids = [
        Case.objects.create(
            number=number, definition=definition, status="OPEN", branch_id=branch.pk, opened_at=NOW
        ).pk
        for number, branch in (("A1", here), ("B1", there))
    ]
    mine, others = (a_member(login, at=branch) for login, branch in (("li", here), ("wu", there)))
    doors = [log(DoorOpened(door=n), after_minutes=n, case_id=case_id) for n, case_id in enumerate(case_ids)]
    looked = [
        an_unmasking(10 + n, Actor(ActorKind.STAFF, str(member.pk), member.name))
        for n, member in enumerate((mine, others))
    ]
    bound = Actor(
        ActorKind.STAFF,
        "7",
        "地方经理",
        frozenset({"operations_manager"}),
        Scope(branch_ids=frozenset({here.pk})),
    )
    assert ids(LogFilters(types=(DOOR, UNMASKED)), bound) == [looked[0], doors[0]]
    assert ids(LogFilters(case_id=case_ids[1]), bound) == []
    assert checked_entry(looked[1], bound) is None
    assert checked_entry(looked[0], bound) is not None


def test_an_entry_comes_with_what_proves_it() -> None:
    made = an_hour()
    seal(NOW)
    late = an_unmasking(40)
    logged, proof = checked_entry(made[4], AUDITOR) or pytest.fail("no such entry")
    assert (logged.type, proof.holds, proof.sequence, proof.tree_size) == (UNMASKED, True, 4, 6)
    _, waiting = checked_entry(late, AUDITOR) or pytest.fail("no such entry")
    assert (waiting.holds, waiting.sequence) == (False, None)
