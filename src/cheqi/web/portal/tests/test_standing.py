"""The head of the tracker from progress answers: where, who, since when, until when, what is next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from cheqi.ui.parts import Holder, StageState
from cheqi.web.portal.standing import Forecast, standing

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_chinese() -> Any:
    with translation.override("zh-hans"):
        yield


def a_step(ball: str = "us", due_in: int | None = 3, **changes: Any) -> dict[str, Any]:
    """An open step since an hour ago; `due_in` hours."""
    due = (NOW + timedelta(hours=due_in)).isoformat() if due_in is not None else None
    return {
        "step": "review",
        "sentence": {"zh": "审核员正在审批您的额度。", "en": "A reviewer is deciding."},
        "ball": ball,
        "who": "赵磊",
        "since": (NOW - timedelta(hours=1)).isoformat(),
        "due_at": due,
        **changes,
    }


def an_answer(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A progress answer with these open steps."""
    stages = [("DONE", "申请"), ("CURRENT", "审批"), ("TODO", "放款")]
    return {
        "title": {"zh": "车贷申请", "en": "Auto loan"},
        "status": {"key": "OPEN", "zh": "办理中", "en": "In progress"},
        "is_open": True,
        "ball": steps[0]["ball"] if steps else "",
        "stages": [{"key": zh, "zh": zh, "en": zh, "standing": state} for state, zh in stages],
        "now": list(steps),
        "next": [{"step": "sign_contract", "zh": "签订合同", "en": "Sign"}],
        "closed_at": None,
        **changes,
    }


def head(answer: dict[str, Any], **forecasts: Forecast) -> Any:
    """Its standing in Chinese at noon."""
    return standing(answer, language="zh-hans", now=NOW, forecasts=forecasts)


def test_a_colleague_is_named_with_since_and_elapsed() -> None:
    ball = head(an_answer(a_step())).ball
    assert (ball.holder, ball.sentence, ball.mark) == (Holder.WE, "赵磊正在处理", "赵")
    assert ball.elapsed == timedelta(hours=1)


def test_without_history_the_target_is_named_and_called_so() -> None:
    found = head(an_answer(a_step()))
    assert (found.until_label, found.until) == ("目标完成时间", "今天 16:00 前")
    assert found.basis == "历史不足，暂不能估计，先按目标时间告诉您"
    assert str(found.until_badge.label) == "按时"


def test_a_forecast_is_a_range_with_its_basis() -> None:
    forecast = Forecast(
        from_at=NOW + timedelta(hours=3), to_at=NOW + timedelta(hours=22), basis="近 90 天兑现 82%"
    )
    found = head(an_answer(a_step()), review=forecast)
    assert (found.until_label, found.until) == ("预计完成", "今天 16:00 至 明天 11:00")
    assert found.basis == "近 90 天兑现 82%"


def test_a_range_within_one_day_names_the_day_once() -> None:
    forecast = Forecast(from_at=NOW + timedelta(hours=3), to_at=NOW + timedelta(hours=5))
    assert head(an_answer(a_step()), review=forecast).until == "今天 16:00 至 18:00"


def test_a_missed_target_is_said_with_what_is_done_about_it() -> None:
    found = head(an_answer(a_step(due_in=-1)))
    assert str(found.until_badge.label) == "已超时"
    assert "已提醒负责人" in found.basis


def test_the_customers_own_time_is_theirs() -> None:
    found = head(an_answer(a_step("customer")))
    assert found.ball.holder is Holder.YOU
    assert (found.ball.sentence, found.until_label) == ("", "请在此之前办好")
    assert head(an_answer(a_step("customer", due_in=-1))).until_label == "已过期限，请尽快办理"
    forecast = Forecast(from_at=NOW + timedelta(hours=3), to_at=NOW + timedelta(hours=5))
    assert head(an_answer(a_step("customer")), review=forecast).until == "今天 16:00"


def test_what_runs_beside_is_listed_but_not_the_customers_second_task() -> None:
    bank = a_step("bank", step="verify_payee", sentence={"zh": "银行在核对。", "en": "x"})
    second = a_step("customer", step="authorise_credit")
    found = head(an_answer(a_step("customer"), second, bank))
    assert [(str(one.words), one.sentence) for one in found.beside] == [("轮到银行", "银行在核对")]


def test_what_follows_carries_its_usual_time() -> None:
    found = head(an_answer(a_step()), sign_contract=Forecast(usual="通常 1 至 2 小时"))
    assert [(one.title, one.usual) for one in found.coming] == [("签订合同", "通常 1 至 2 小时")]


@pytest.mark.parametrize(
    ("key", "last", "holder"),
    [
        ("REFUSED", [StageState.DONE, StageState.STOPPED, StageState.TODO], Holder.ENDED),
        ("WITHDRAWN", [StageState.DONE, StageState.STOPPED, StageState.TODO], Holder.ENDED),
        ("DISBURSED", [StageState.DONE] * 3, Holder.NOBODY),
    ],
)
def test_a_closed_case_shows_where_it_ended(key: str, last: list[StageState], holder: Holder) -> None:
    status = {"key": key, "zh": "已结束", "en": "Ended"}
    closed = an_answer(is_open=False, status=status, closed_at=NOW.isoformat())
    found = head(closed)
    assert [stage.state for stage in found.rail.stages] == last
    assert (found.ball.holder, found.sentence, found.until) == (holder, "已结束", "")
