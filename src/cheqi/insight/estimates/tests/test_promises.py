"""Promises from the lender's own history: given, moved with a reason, judged once."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.core.process.definition import Ball
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.workflow import operations as workflow
from cheqi.foundation.workflow.queries import progress
from cheqi.foundation.workflow.tests.packs import NOW, World
from cheqi.insight.estimates import operations, queries
from cheqi.insight.estimates.models import Estimate, History
from cheqi.insight.estimates.tests.scenarios import hear, took

HUNDRED = list(range(1, 101))


def at(hour: int, minute: int = 0) -> datetime:
    """That time of this Monday in China."""
    return datetime(2026, 11, 23, hour - 8, minute, tzinfo=UTC)


def live() -> Estimate:
    """The promise that is shown of a review."""
    return Estimate.objects.get(step="review", superseded_at=None, decided_at=None)


def test_an_opened_step_is_promised_from_the_steps_before_it(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review()
    assert hear(NOW) > 0
    (shown,) = queries.current(case.case_id, world.customer, now=NOW)
    assert (shown.step, shown.round, shown.low_at, shown.high_at) == ("review", 1, at(11), at(11, 30))
    assert (shown.finished, shown.open, shown.window_from) == (100, 1, date(2026, 5, 27))
    assert (shown.lacking, shown.moved) == (None, None)
    answer = progress(case.case_id, world.customer)
    assert answer is not None
    assert json.loads(answer.body)["expected"] == {
        "review:1": {
            "low_at": "2026-11-23T03:00:00+00:00",
            "high_at": "2026-11-23T03:30:00+00:00",
            "finished": 100,
            "lacking": None,
            "moved": None,
            "kept": None,
        }
    }


def test_twenty_nine_finished_steps_are_not_enough(world: World) -> None:
    took(world, HUNDRED[:29])
    case = world.in_review()
    hear(NOW)
    (shown,) = queries.current(case.case_id, world.customer, now=NOW)
    assert (shown.low_at, shown.high_at, shown.finished) == (None, None, 29)
    assert shown.lacking is not None
    assert shown.lacking.zh == "历史数据不足，暂不预计时间"


def test_open_steps_count_as_long_as_they_have_lasted(world: World) -> None:
    took(world, [60] * 40)
    took(world, [60] * 20, is_finished=False, opened_at=NOW - timedelta(hours=1))
    took(world, [100] * 40)
    operations.learn_all(now=NOW)
    known = History.objects.get(step="review")
    assert (known.finished, known.open) == (80, 20)
    assert (known.p50_minutes, known.p80_minutes) == (100, 100)


def test_rounds_older_than_the_window_say_nothing(world: World) -> None:
    took(world, HUNDRED, opened_at=NOW - timedelta(days=181))
    operations.learn_all(now=NOW)
    assert History.objects.get(step="review").finished == 0


def test_a_range_that_is_about_to_pass_moves_and_says_why(world: World) -> None:
    took(world, HUNDRED[:95])
    case = world.in_review()
    hear(NOW)
    assert operations.refresh_passing(now=at(11, 27)) == 0
    later = at(11, 28)
    assert operations.refresh_passing(now=later) == 1
    (shown,) = queries.current(case.case_id, world.customer, now=later)
    assert (shown.low_at, shown.high_at) == (None, None)  # seven lasted longer: nobody can say
    assert shown.lacking is not None
    assert shown.lacking.zh == "比平时慢，我们已在跟进"
    assert shown.moved is not None
    assert shown.moved.zh == "这一步比通常久"
    event = EventRow.objects.get(type="estimates.moved")
    assert (event.case_id, event.payload["because"], event.payload["high_at"]) == (
        case.case_id,
        "SLOWER",
        None,
    )
    assert operations.refresh_passing(now=later) == 0
    assert Estimate.objects.filter(step="review").count() == 2


def test_a_late_step_gets_a_new_range_from_those_that_lasted_as_long(world: World) -> None:
    took(world, [30] * 70 + [130] * 30)
    case = world.in_review()
    hear(NOW)
    assert (live().low_at, live().high_at) == (at(10, 30), at(13, 15))
    took(world, [60] * 60)
    operations.learn_all(now=at(10, 5))
    assert (live().high_at, live().moved_because) == (at(11, 15), "HISTORY")
    later = at(11, 15)
    operations.refresh_passing(now=later)
    assert (live().low_at, live().high_at, live().moved_because) == (at(13, 15), at(13, 30), "SLOWER")
    (shown,) = queries.current(case.case_id, SYSTEM, now=later)
    assert shown.moved is not None
    assert [one.place for one in queries.of_case(case.case_id, SYSTEM) if one.step == "review"] == [1, 2, 3]


def test_a_small_change_of_history_moves_nothing(world: World) -> None:
    took(world, HUNDRED)
    world.in_review()
    hear(NOW)
    took(world, [100] * 5)
    before = live()
    operations.learn_all(now=NOW)
    assert History.objects.get(step="review").p80_minutes == 84
    assert live() == before


def test_without_a_worker_a_page_still_shows_nothing_of_the_past(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review()
    hear(NOW)
    (later,) = queries.current(case.case_id, SYSTEM, now=at(11, 10))
    assert (later.low_at, later.high_at) == (at(11, 15), at(11, 30))
    (over,) = queries.current(case.case_id, SYSTEM, now=at(11, 30))
    assert (over.low_at, over.high_at) == (None, None)
    assert over.lacking is not None
    assert over.lacking.zh == "比平时慢，我们已在跟进"


def test_while_the_customer_has_the_ball_no_time_of_ours_is_promised(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review()
    hear(NOW)

    def pass_to(ball: Ball, now: datetime) -> None:
        owner = world.actor(world.reviewer)
        workflow.pass_ball(
            case_id=case.case_id, step="review", ball=ball, actor=owner, now=now, key=f"{ball}"
        )
        hear(now)

    pass_to(Ball.CUSTOMER, at(10, 20))
    assert (live().lacking, live().moved_because, live().high_at) == ("YOUR_TURN", "YOUR_TURN", None)
    pass_to(Ball.US, at(11, 20))
    assert (live().moved_because, live().low_at, live().high_at) == ("OUR_TURN", at(12), at(13, 30))


def test_a_round_that_was_sent_back_is_promised_anew_and_says_so(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review(by=world.customer)
    hear(NOW)
    world.finish(case.case_id, "review", world.reviewer, "return", reason="模糊", now=at(10, 10))
    hear(at(10, 10))
    assert [one.step for one in queries.current(case.case_id, SYSTEM, now=at(10, 10))] == ["send_documents"]
    world.finish(case.case_id, "send_documents", world.customer, key="again", now=at(10, 30))
    hear(at(10, 30))
    assert (live().round, live().moved_because) == (2, "RETURNED")


@pytest.mark.parametrize(("finished_at", "kept"), [(at(11, 30), True), (at(11, 31), False)])
def test_a_promise_is_judged_by_the_first_range_even_when_it_moved(
    world: World, finished_at: datetime, kept: bool
) -> None:
    took(world, [30] * 60 + [60] * 20 + [180] * 20)
    case = world.in_review()
    hear(NOW)
    first = live()
    Estimate.objects.filter(pk=first.pk).update(high_at=at(11, 30))
    operations.refresh_passing(now=at(11, 29))
    assert live().place == 2
    world.finish(case.case_id, "review", world.reviewer, "approve", now=finished_at)
    hear(finished_at + timedelta(minutes=3))
    hear(finished_at + timedelta(minutes=4))
    rows = Estimate.objects.filter(step="review").order_by("place")
    assert [(row.kept, row.decided_at) for row in rows] == [(kept, finished_at), (None, finished_at)]
    assert operations.decide(case_id=case.case_id, step="review", round=1, now=at(16)) is kept
    assert "review" not in [one.step for one in queries.current(case.case_id, SYSTEM, now=at(12))]


def test_a_withdrawn_case_has_no_estimates_left_and_no_verdict(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review()
    hear(NOW)
    done = workflow.withdraw(
        case_id=case.case_id, reason="不买了", actor=world.customer, now=at(10, 10), key="w"
    )
    assert done
    hear(at(10, 10))
    assert queries.current(case.case_id, SYSTEM, now=at(10, 10)) == ()
    assert Estimate.objects.get(step="review").kept is None
    answer = progress(case.case_id, world.customer)
    assert answer is not None
    assert "expected" not in json.loads(answer.body)


def test_hearing_an_event_again_changes_nothing(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review()
    hear(NOW)
    before = list(Estimate.objects.order_by("pk").values())
    assert operations.refresh_round(case_id=case.case_id, step="review", round=1, now=NOW) == 0
    assert list(Estimate.objects.order_by("pk").values()) == before


def test_any_number_of_rounds_takes_the_same_number_of_statements(
    world: World, django_assert_num_queries: Any
) -> None:
    took(world, HUNDRED)
    operations.learn_all(now=NOW)
    few = [world.in_review(key="0").case_id]
    many = [world.in_review(key=f"{place}").case_id for place in range(1, 8)]
    for cases in (few, many):
        ids = list(
            world.row.case_set.filter(pk__in=cases).values_list("steps__pk", flat=True).order_by("steps__pk")
        )
        with django_assert_num_queries(13):  # two of them are the savepoint's
            assert operations.refresh(ids, now=NOW) == len(cases)


def judged(world: World, kept: int, broken: int, decided_at: datetime = NOW) -> None:
    """So many promises that were kept and broken."""
    Estimate.objects.bulk_create(
        Estimate(
            step_id=10_000 + place,
            case_id=1,
            process="small_loan",
            step="review",
            round=1,
            place=1,
            low_at=NOW,
            high_at=NOW,
            finished=40,
            open=0,
            window_from=NOW.date(),
            shown_from=NOW,
            decided_at=decided_at,
            kept=place < kept,
        )
        for place in range(kept + broken)
    )


def test_the_record_of_promises_needs_thirty_of_the_last_days(
    world: World, django_assert_num_queries: Any
) -> None:
    judged(world, 24, 5)
    assert queries.kept_share("small_loan", "review", NOW) is None
    Estimate.objects.all().delete()
    judged(world, 25, 5)
    with django_assert_num_queries(1):
        share = queries.kept_share("small_loan", "review", NOW)
    assert share == queries.KeptShare(25, 30)
    assert share is not None
    assert share.percent == 83
    assert queries.kept_share("small_loan", "review", NOW + timedelta(days=90)) is None


def test_the_tracker_shows_the_record_of_promises(world: World) -> None:
    took(world, HUNDRED)
    judged(world, 25, 5)
    case = world.in_review()
    hear(NOW)
    answer = progress(case.case_id, world.customer)
    assert answer is not None
    assert json.loads(answer.body)["expected"]["review:1"]["kept"] == {"percent": 83, "of": 30}


def test_the_usual_time_of_a_step_is_the_middle_of_its_history(world: World) -> None:
    took(world, HUNDRED)
    operations.learn_all(now=NOW)
    assert queries.usual("small_loan", "review") == queries.UsualTime(20, 80, 100)
    assert queries.usual("small_loan", "pay_out") is None
    assert set(queries.usuals("small_loan")) == {"review"}


def test_nobody_sees_the_estimates_of_another_branch(world: World) -> None:
    took(world, HUNDRED)
    case = world.in_review()
    hear(NOW)
    stranger = world.actor(world.stranger)
    assert queries.current(case.case_id, stranger, now=NOW) == ()
    assert queries.of_case(case.case_id, stranger) == ()
    assert queries.current_of_cases([case.case_id], stranger, now=NOW) == {}
    mine = queries.current_of_cases([case.case_id, 10**9], world.actor(world.reviewer), now=NOW)
    assert list(mine) == [case.case_id]


def test_a_row_has_a_range_or_a_reason(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Estimate.objects.create(
            step_id=1,
            case_id=1,
            process="small_loan",
            step="review",
            round=1,
            place=1,
            finished=0,
            open=0,
            window_from=NOW.date(),
            shown_from=NOW,
        )
    assert not Estimate.objects.exists()
