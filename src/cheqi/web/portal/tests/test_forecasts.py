"""Estimates in the words of the tracker: usual times, what a range rests on, promises kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from cheqi.core.base.text import Text
from cheqi.insight.estimates.queries import Expected, KeptShare, UsualTime
from cheqi.web.portal.forecasts import basis_of, usual_words

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
EXPECTED = Expected(
    case_id=1,
    process="application",
    step="review",
    round=1,
    low_at=NOW,
    high_at=NOW + timedelta(hours=3),
    lacking=None,
    moved=None,
    finished=212,
    open=4,
    window_from=date(2026, 8, 25),
    shown_from=NOW,
)


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (8, 25, "通常 8 至 25 分钟"),
        (60, 210, "通常 1 至 4 小时"),
        (480, 960, "通常 1 至 2 个工作日"),
    ],
)
def test_a_usual_time_is_said_in_the_unit_that_people_use(low: int, high: int, words: str) -> None:
    assert usual_words(UsualTime(low, high, 40)) == words


def test_a_range_rests_on_the_record_of_promises_where_there_is_one() -> None:
    assert basis_of(EXPECTED, KeptShare(342, 417)) == "近 90 天，这一步的时间承诺兑现 82%（共 417 次）"
    assert basis_of(EXPECTED, None) == "根据 212 笔同类办理估计"


def test_a_range_that_moved_says_why_first() -> None:
    moved = replace(EXPECTED, moved=Text("资料退回补充", "Documents were sent back"))
    assert basis_of(moved, None) == "资料退回补充。根据 212 笔同类办理估计"


def test_without_a_range_the_reason_is_said() -> None:
    lacking = replace(EXPECTED, low_at=None, high_at=None, lacking=Text("历史不足", "Not enough history"))
    assert basis_of(lacking, None) == "历史不足"
