"""What gave up is seen, tried again or given up at the desk: requests, messages and background work."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.models import Case
from tests.journeys.acts import sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, looked_at

PAGE = "/desk/failures/"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def number(world: World) -> str:
    """A case with a request, a message and a wake-up that gave up."""
    case_id = sent(world)
    world.settle()
    world.pass_time()
    gone = {"state": "DEAD", "next_try_at": None}
    Exchange.objects.update(**gone, died_in="WAITING", finished_at=world.now, reason="无法连接", attempts=12)
    message = Message.objects.filter(case_id=case_id).first()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(**gone, reason="对方无回音", attempts=8)
    wakeup = Wakeup.objects.order_by("pk").last()
    assert wakeup is not None
    Wakeup.objects.filter(pk=wakeup.pk).update(state="DEAD", finished_at=world.now, last_error="TimeoutError")
    return Case.objects.get(pk=case_id).number


def test_what_gave_up_is_said_in_words_and_leads_to_its_case(world: World, number: str) -> None:
    shown = looked_at(at_the_desk(world, "zhouning"), PAGE)
    assert "银行 · 收款户名核验" in shown
    assert f'href="/desk/cases/{number}/"' in shown
    assert "放弃所选" in shown


@pytest.mark.parametrize(
    ("kind", "event"), [("exchanges", "outside.discarded"), ("messages", "messages.discarded")]
)
def test_requests_and_messages_are_given_up_with_a_reason(
    world: World, number: str, kind: str, event: str
) -> None:
    client = at_the_desk(world, "zhouning")
    rows = (
        Exchange.objects.filter(state="DEAD") if kind == "exchanges" else Message.objects.filter(state="DEAD")
    )
    ids = list(rows.values_list("pk", flat=True))
    form = {"id": ids, "wish": "discard"}
    assert client.post(f"{PAGE}{kind}/", {**form, "reason": ""}).status_code == 422
    assert rows.count() == len(ids)
    assert (
        client.post(f"{PAGE}{kind}/", {"id": ids, "wish": "discard", "reason": "不再需要"}).status_code == 302
    )
    assert rows.count() == 0
    assert EventRow.objects.filter(type=event).count() == len(ids)


@pytest.mark.parametrize("kind", ["exchanges", "messages", "jobs"])
def test_each_kind_is_tried_again(world: World, number: str, kind: str) -> None:
    rows = {"exchanges": Exchange, "messages": Message, "jobs": Wakeup}[kind].objects.filter(state="DEAD")
    ids = list(rows.values_list("pk", flat=True))
    client = at_the_desk(world, "zhouning")
    assert client.post(f"{PAGE}{kind}/", {"id": ids, "wish": "again"}).status_code == 302
    assert rows.count() == 0


def test_an_auditor_sees_and_is_told_who_may_act(world: World, number: str) -> None:
    shown = looked_at(at_the_desk(world, "wutong"), PAGE)
    assert "收款户名核验" in shown
    assert "重新执行和放弃由运营经理和系统管理员操作" in shown
    ids = list(Exchange.objects.filter(state="DEAD").values_list("pk", flat=True))
    refused = at_the_desk(world, "wutong").post(f"{PAGE}exchanges/", {"id": ids, "wish": "again"})
    assert refused.status_code == 403
    assert Exchange.objects.filter(state="DEAD").count() == len(ids)


def test_another_kind_of_failure_is_no_page(world: World) -> None:
    assert at_the_desk(world, "zhouning").post(f"{PAGE}others/", {"id": ["1"]}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "words"),
    [("exchanges", "银行 · 收款户名核验"), ("messages", "对方无回音"), ("jobs", "TimeoutError")],
)
def test_giving_up_asks_why_first_and_changes_nothing_until_then(
    world: World, number: str, kind: str, words: str
) -> None:
    client = at_the_desk(world, "zhouning")
    model = {"exchanges": Exchange, "messages": Message, "jobs": Wakeup}[kind]
    ids = list(model.objects.filter(state="DEAD").values_list("pk", flat=True))
    asked = client.post(f"{PAGE}{kind}/", {"id": ids, "wish": "discard"})
    assert asked.status_code == 200
    shown = asked.content.decode()
    assert words in shown
    assert f"将放弃 {len(ids)} 项" in shown
    assert "放弃后不能恢复" in shown
    again = client.post(f"{PAGE}{kind}/", {"id": ids, "wish": "discard", "reason": ""})
    assert again.status_code == 422
    assert 'aria-invalid="true"' in again.content.decode()
    assert model.objects.filter(state="DEAD").count() == len(ids)


def test_nothing_of_what_is_gone_is_asked_about(world: World, number: str) -> None:
    client = at_the_desk(world, "zhouning")
    gone = client.post(f"{PAGE}jobs/", {"id": [999_999], "wish": "discard"})
    assert gone.headers["Location"] == PAGE
