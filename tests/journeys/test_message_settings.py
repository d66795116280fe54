"""A customer chooses what they hear of, on their page or by the link in a mail; the desk sees it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone, translation

from cheqi.core.contact.contact import Purpose
from cheqi.foundation.messages.models import ContactPreference
from cheqi.foundation.messages.unsubscribing import link
from cheqi.foundation.workflow.models import Case
from tests.journeys.acts import sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk
from tests.journeys.test_portal_pages import at_the_phone

SETTINGS = "/me/notices/"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def a_customer(world: World) -> int:
    """Somebody whose application was sent."""
    return Case.objects.get(pk=sent(world)).party_id or 0


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def path_of(party_id: int) -> str:
    """The path of the link in a progress mail."""
    return "/unsubscribe/" + link(party_id, Purpose.PROGRESS).partition("/unsubscribe/")[2]


def test_a_customer_turns_progress_by_sms_off_and_on_again(world: World) -> None:
    party_id = a_customer(world)
    client = at_the_phone(world, party_id)
    assert SETTINGS in shown(client, "/me/")
    assert shown(client, SETTINGS).count(" checked") == 2
    assert client.post(SETTINGS, {"PROGRESS-MAIL": "on"}).status_code == 302
    assert ContactPreference.objects.get().is_wanted is False
    assert shown(client, SETTINGS).count(" checked") == 1
    client.post(SETTINGS, {"PROGRESS-MAIL": "on", "PROGRESS-SMS": "on"})
    assert ContactPreference.objects.get().is_wanted is True


def test_a_stranger_is_asked_to_log_in(client: Client, world: World) -> None:
    answer = client.get(SETTINGS)
    assert answer.status_code == 302
    assert "/log-in/" in answer.headers["Location"]


def test_the_link_in_a_mail_asks_first_and_turns_off_when_posted(client: Client, world: World) -> None:
    path = path_of(a_customer(world))
    assert "不再接收这类邮件？" in shown(client, path)
    assert not ContactPreference.objects.exists()
    done = client.post(path)
    assert "我们不再用邮件发送「进度与提醒」" in done.content.decode()
    assert ContactPreference.objects.get().way == "MAIL_LINK"


def test_a_mail_program_turns_it_off_with_one_post_and_nothing_else(world: World) -> None:
    program = Client(enforce_csrf_checks=True)
    one_click = program.post(path_of(a_customer(world)), {"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert ContactPreference.objects.get().is_wanted is False


def test_a_changed_link_changes_nothing_and_says_what_to_do(client: Client, world: World) -> None:
    path = path_of(a_customer(world)).rstrip("/") + "x/"
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
        assert "请从邮件里重新打开完整的链接" in answer.content.decode()
    assert not ContactPreference.objects.exists()


def test_the_desk_sees_what_a_customer_wants_and_when_they_said_so(client: Client, world: World) -> None:
    party_id = a_customer(world)
    client.post(path_of(party_id))
    page = shown(at_the_desk(world, "chenjing"), f"/desk/customers/{party_id}/")
    assert "消息设置" in page
    assert "通过邮件里的链接" in page
    assert page.count("不接收") == 4
