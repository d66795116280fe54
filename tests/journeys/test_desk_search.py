"""The search at the top of the desk: what somebody types stays out of addresses, logs and the database."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone, translation

from cheqi.foundation.workflow.models import Case
from cheqi.web.desk import asked
from tests.journeys.acts import PERSON, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, looked_at, search_for

SEARCH, CUSTOMERS = "/desk/search/", "/desk/customers/"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize("page", [SEARCH, CUSTOMERS])
@pytest.mark.parametrize("typed", [PERSON.id_number, PERSON.mobile, PERSON.name])
def test_what_is_typed_is_in_no_address_no_log_and_no_row(
    world: World, page: str, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent(world)
    client = at_the_desk(world, "zhaolei")
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    address = search_for(client, typed, page)
    shown = looked_at(client, address)
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert f'value="{typed}"' in shown
    assert PERSON.name in shown
    assert typed not in address
    assert not [line for line in said if typed in line]
    held = "".join(str(row.get_decoded()) for row in Session.objects.all())
    assert typed not in held


def test_the_box_at_the_top_of_every_page_posts(world: World) -> None:
    shown = looked_at(at_the_desk(world, "zhaolei"), "/desk/")
    assert (
        f'role="search" action="{SEARCH}" method="post"><input type="hidden" name="csrfmiddlewaretoken"'
        in shown
    )


def test_a_text_in_an_address_is_not_looked_at(world: World) -> None:
    sent(world)
    client = at_the_desk(world, "zhaolei")
    assert client.get(f"{SEARCH}?q={PERSON.mobile}").headers["Location"] == SEARCH
    assert "找案件" in looked_at(client, SEARCH)


def test_the_answer_stays_for_a_quarter_of_an_hour(world: World) -> None:
    number = Case.objects.get(pk=sent(world)).number
    client = at_the_desk(world, "zhaolei")
    places = [search_for(client, PERSON.mobile, page) for page in (SEARCH, CUSTOMERS)]
    world.now += timedelta(minutes=14)
    assert number in looked_at(client, places[0])
    assert PERSON.name in looked_at(client, places[1])
    world.now += timedelta(minutes=1)
    for place in places:
        over = looked_at(client, place)
        assert "这次查找已过期，请重新输入" in over
        assert PERSON.name not in over


def test_somebody_elses_search_opens_nothing(world: World) -> None:
    number = Case.objects.get(pk=sent(world)).number
    place = search_for(at_the_desk(world, "zhaolei"), PERSON.mobile)
    shown = looked_at(at_the_desk(world, "hejun"), place)
    assert number not in shown
    assert PERSON.mobile not in shown


def test_nothing_asked_keeps_nothing(world: World) -> None:
    client = at_the_desk(world, "zhaolei")
    for page in (SEARCH, CUSTOMERS):
        assert client.post(page, {"q": "  "}).status_code == 200
    assert asked.KEY not in client.session


def test_ten_searches_are_kept_and_the_oldest_makes_room(world: World) -> None:
    client = at_the_desk(world, "zhaolei")
    places = []
    for number in range(12):
        world.now += timedelta(seconds=1)
        places.append(search_for(client, f"没有的人{number}"))
    assert len(client.session[asked.KEY]) == asked.MOST
    assert "过期" in looked_at(client, places[1])
    assert "没有找到" in looked_at(client, places[2])
