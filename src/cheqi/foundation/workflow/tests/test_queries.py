"""What pages read: in order, in scope, in a fixed number of statements."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.process.clocks import Standing
from cheqi.foundation.jobs.running import drain
from cheqi.foundation.workflow import operations, queries
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.queries import CaseFilters, CaseView, QueueFilters, Whose
from cheqi.foundation.workflow.tests.packs import NOW, World, blocked, missing


def test_the_queue_shows_what_breaches_next_and_then_what_is_worth_most(world: World) -> None:
    for place, value in enumerate((10, 30, 20)):
        at = NOW if place else NOW - timedelta(hours=1)
        case = world.open(key=f"{place}", value_fen=value, now=at)
        world.finish(case.case_id, "send_documents", world.customer, now=at)
    page = queries.queue(world.actor(world.boss), QueueFilters(Whose.ALL), NOW + timedelta(minutes=1))
    assert [line.value_fen for line in page.lines] == [10, 30, 20]
    assert (page.total, page.pages) == (3, 1)
    first = page.lines[0]
    assert (first.title.zh, first.owner_name, first.number) == ("审批", "林伟", "XD-2026-000001")
    assert (first.standing, first.left) == (Standing.ON_TIME, timedelta(hours=2, minutes=59))


def test_my_queue_holds_my_steps_and_nothing_of_another_branch(world: World) -> None:
    for place in range(3):
        world.in_review(key=f"{place}")
    mine = queries.queue(world.actor(world.reviewer), QueueFilters(), NOW)
    roles = queries.queue(world.actor(world.reviewer), QueueFilters(Whose.ROLES), NOW)
    strangers = queries.queue(world.actor(world.stranger), QueueFilters(Whose.ROLES), NOW)
    assert (mine.total, roles.total, strangers.total) == (2, 3, 0)
    assert strangers.lines == []


@pytest.mark.parametrize("cases", [0, 1, 7])
def test_the_queue_takes_the_same_number_of_statements_for_any_length(
    world: World, cases: int, django_assert_num_queries: Any
) -> None:
    for place in range(cases):
        world.in_review(key=f"{place}")
    actor = world.actor(world.boss)
    with django_assert_num_queries(2):
        page = queries.queue(actor, QueueFilters(Whose.ALL), NOW)
    assert len(page.lines) == cases


def test_what_waits_for_the_customer_is_not_in_the_queue(world: World) -> None:
    world.open()
    assert queries.queue(world.actor(world.boss), QueueFilters(Whose.ALL), NOW).total == 0


def test_the_board_counts_each_stage_with_its_median_wait_and_breaches_first(
    world: World, django_assert_num_queries: Any
) -> None:
    for place in range(3):
        at = NOW - timedelta(hours=1) * (0, 1, 24 * 4)[place]
        case = world.open(key=f"{place}", now=at)
        world.finish(case.case_id, "send_documents", world.customer, now=at)
    world.open(key="waiting")
    actor = world.actor(world.boss)
    with django_assert_num_queries(5):
        columns = queries.board("small_loan", actor, NOW)
    assert [(one.key, one.count, one.breached) for one in columns] == [
        ("apply", 1, 0),
        ("decide", 3, 1),
        ("pay", 0, 0),
    ]
    decide = columns[1]
    assert decide.median_wait == timedelta(hours=1)
    assert [card.number for card in decide.cards] == ["XD-2026-000003", "XD-2026-000002", "XD-2026-000001"]
    assert [card.standing for card in decide.cards] == [Standing.BREACHED, Standing.ON_TIME, Standing.ON_TIME]
    assert columns[2].median_wait is None
    assert queries.board("small_loan", world.actor(world.stranger), NOW)[1].cards == []


def view_of(world: World, case_id: int, actor: Actor) -> CaseView:
    view = queries.case_view(case_id, actor, NOW)
    assert isinstance(view, CaseView), view
    return view


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (CaseFilters(), [2, 1, 0]),
        (CaseFilters("LATE"), [1, 0]),
        (CaseFilters(""), [3, 2, 1, 0]),
        (CaseFilters("CLOSED"), [3]),
        (CaseFilters("", stage="decide"), [1, 0]),
    ],
)
def test_the_list_of_cases_is_filtered_and_the_newest_come_first(
    world: World, filters: CaseFilters, wanted: list[int], django_assert_max_num_queries: Any
) -> None:
    for place in range(4):
        moved = world.open(key=f"{place}", now=NOW + timedelta(minutes=place))
        if place < 2:
            world.finish(moved.case_id, "send_documents", world.customer, now=NOW + timedelta(minutes=place))
    at = NOW + timedelta(hours=1)
    gone = operations.withdraw(case_id=moved.case_id, reason="不买了", actor=world.customer, now=at, key="w")
    assert not isinstance(gone, Refused), gone
    boss, now = world.actor(world.boss), NOW + timedelta(hours=20)
    with django_assert_max_num_queries(3):
        found = queries.cases(boss, filters, now)
    assert [line.number for line in found] == [f"XD-2026-{place + 1:06}" for place in wanted]
    assert queries.case_count(boss, filters, now) == len(wanted)
    late = queries.cases(boss, filters, now, offset=1, limit=1)
    assert [line.number for line in late] == [f"XD-2026-{place + 1:06}" for place in wanted[1:2]]
    assert queries.cases(world.actor(world.stranger), filters, now) == []


def test_a_late_page_of_the_list_is_found_in_an_index(world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the table, which is small here")
    world.open()
    rows = Case.objects.filter(process="loan", closed_at=None).order_by("-opened_at", "-id")
    plan = rows.values_list("pk", flat=True)[100:150].explain()
    assert "COVERING INDEX workflow_case_list" in plan
    assert "TEMP B-TREE" not in plan


def test_the_page_of_a_case_shows_rounds_and_says_why_an_action_is_disabled(world: World) -> None:
    case = world.in_review(by=world.customer)
    world.finish(case.case_id, "review", world.reviewer, "return", reason="模糊")
    world.finish(case.case_id, "send_documents", world.customer, key="again")
    blocked.append("电话未核实")
    view = view_of(world, case.case_id, world.actor(world.other_reviewer))
    review = next(step for step in view.steps if step.key == "review")
    assert [(one.round, one.status, one.outcome) for one in review.rounds] == [
        (2, "OPEN", ""),
        (1, "SUPERSEDED", "return"),
    ]
    assert [(one.outcome, one.is_possible) for one in view.actions] == [
        ("approve", False), ("return", True), ("refuse", True),
    ]  # fmt: skip
    assert view.actions[0].why_not[0].message.zh == "电话未核实"
    outsider = view_of(world, case.case_id, world.actor(world.manager))
    assert {one.why_not[0].rule for one in outsider.actions} == {"process.owner"}


def test_an_action_says_which_materials_are_missing(world: World) -> None:
    case = world.open()
    missing.add("id_card")
    view = view_of(world, case.case_id, world.customer)
    assert [finding.field for finding in view.actions[0].why_not] == ["身份证"]
    documents = view.steps[0]
    assert [(one.key, one.is_there) for one in documents.materials] == [("id_card", False)]


def test_the_page_of_a_case_out_of_scope_is_the_same_as_of_a_missing_one(world: World) -> None:
    case = world.open()
    hidden = queries.case_view(case.case_id, world.actor(world.stranger), NOW)
    absent = queries.case_view(case.case_id + 99, world.actor(world.stranger), NOW)
    assert isinstance(hidden, Refused)
    assert hidden == absent
    assert hidden.kind is RefusalKind.NOT_FOUND


def test_the_tracker_answers_its_owner_in_one_statement_and_nobody_else(
    world: World, django_assert_num_queries: Any
) -> None:
    case = world.open()
    with django_assert_num_queries(1):
        answer = queries.progress(case.case_id, world.customer)
    assert answer is not None
    assert json.loads(answer.body)["number"] == case.number
    other = Actor(ActorKind.CUSTOMER, "78", "他人", scope=Scope(party_id=78))
    assert queries.progress(case.case_id, other) is None
    assert queries.progress(case.case_id + 99, world.customer) is None
    link = Actor(ActorKind.CUSTOMER, "link", "链接", scope=Scope(case_ids=frozenset({case.case_id})))
    by_number = queries.progress_by_number(case.number, link)
    assert by_number == answer
    world.finish(case.case_id, "send_documents", world.customer)
    moved = queries.progress(case.case_id, world.customer)
    assert moved is not None
    assert moved.etag != answer.etag


def test_what_escalated_is_listed_for_the_role_until_the_step_is_done(world: World) -> None:
    case = world.in_review()
    late = NOW + timedelta(days=1)
    operations.ring_due(now=late)
    drain(late)
    found = queries.escalated(world.actor(world.boss))
    assert [(one.number, one.title.zh, one.role) for one in found] == [
        (case.number, "审批", "operations_manager")
    ]
    assert queries.escalated(world.actor(world.reviewer)) == []
    assert queries.escalated(SYSTEM) == []
    world.finish(case.case_id, "review", world.reviewer, "approve", now=late)
    assert queries.escalated(world.actor(world.boss)) == []


def test_the_tracker_names_the_owner_while_we_have_the_ball(world: World) -> None:
    case = world.in_review()
    answer = queries.progress(case.case_id, world.customer)
    assert answer is not None
    assert [(one["step"], one["who"]) for one in json.loads(answer.body)["now"]] == [("review", "林伟")]
    operations.reassign(
        case_id=case.case_id,
        step="review",
        member_id=world.other_reviewer.pk,
        reason="休假",
        actor=world.actor(world.boss),
        now=NOW,
        key="give",
    )
    answer = queries.progress(case.case_id, world.customer)
    assert answer is not None
    assert json.loads(answer.body)["now"][0]["who"] == "周敏"
    operations.give_facts(
        case_id=case.case_id, facts={"amount": 300}, actor=world.actor(world.boss), now=NOW, key="facts"
    )
    answer = queries.progress(case.case_id, world.customer)
    assert answer is not None
    assert json.loads(answer.body)["now"][0]["who"] == "周敏"


def test_nobody_is_named_while_the_customer_has_the_ball(world: World) -> None:
    answer = queries.progress(world.open().case_id, world.customer)
    assert answer is not None
    assert [(one["step"], one["who"]) for one in json.loads(answer.body)["now"]] == [("send_documents", "")]


def test_what_is_expected_is_part_of_the_answer_and_of_its_tag_and_survives_a_move(
    world: World, django_assert_num_queries: Any
) -> None:
    first, other = world.open(key="a"), world.open(key="b")
    before = queries.progress(first.case_id, world.customer)
    untouched = queries.progress(other.case_id, world.customer)
    assert before is not None
    expected = {"send_documents:1": {"low_at": "2026-11-23T06:00:00Z"}}
    with django_assert_num_queries(1):
        operations.show_estimate(case_id=first.case_id, expected=expected, now=NOW)
    after = queries.progress(first.case_id, world.customer)
    assert after is not None
    assert json.loads(after.body) == {**json.loads(before.body), "expected": expected}
    assert after.etag.startswith(before.etag)
    assert after.etag != before.etag
    assert queries.progress(other.case_id, world.customer) == untouched
    world.finish(first.case_id, "send_documents", world.customer)
    moved = queries.progress(first.case_id, world.customer)
    assert moved is not None
    assert json.loads(moved.body)["expected"] == expected
    operations.show_estimates(shown={first.case_id: {}, other.case_id: expected}, now=NOW)
    cleared = queries.progress(first.case_id, world.customer)
    shown = queries.progress(other.case_id, world.customer)
    assert cleared is not None
    assert "expected" not in json.loads(cleared.body)
    assert shown is not None
    assert json.loads(shown.body)["expected"] == expected


def test_a_customers_own_cases_come_newest_first_in_one_statement(
    world: World, django_assert_num_queries: Any
) -> None:
    first, second = world.open(key="a"), world.open(key="b")
    with django_assert_num_queries(1):
        mine = queries.progress_of_mine(world.customer)
    assert [(one.case_id, one.number) for one in mine] == [
        (second.case_id, second.number),
        (first.case_id, first.number),
    ]
    alone = queries.progress(second.case_id, world.customer)
    assert alone is not None
    assert (mine[0].etag, mine[0].body) == (alone.etag, alone.body)
    other = Actor(ActorKind.CUSTOMER, "999", "", scope=Scope(party_id=999))
    assert queries.progress_of_mine(other) == []
