"""Customers at the desk: found through blind indexes, masked, in scope, unmasked for a reason on record."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from cheqi.foundation.privacy.models import Unmasking
from cheqi.foundation.staff.models import Absence
from cheqi.foundation.workflow.models import Case
from cheqi.records.parties.queries import search
from cheqi.web.desk.models import SavedView
from tests.journeys.acts import PERSON, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, looked_at, search_for

PAGE = "/desk/customers/"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def a_customer(world: World) -> int:
    """Somebody with one application in Hangzhou."""
    return Case.objects.get(pk=sent(world)).party_id or 0


def asked_for(world: World, login: str, text: str) -> str:
    """What the search answers."""
    client = at_the_desk(world, login)
    return looked_at(client, search_for(client, text, PAGE))


def test_nobody_is_listed_before_somebody_is_asked_for(world: World) -> None:
    a_customer(world)
    shown = looked_at(at_the_desk(world, "chenjing"), PAGE)
    assert PERSON.name not in shown
    assert "找客户" in shown


@pytest.mark.parametrize(
    "asked", [PERSON.name, PERSON.mobile, PERSON.id_number, PERSON.mobile[-4:], PERSON.id_number[-4:]]
)
def test_a_customer_is_found_by_name_number_or_its_end_and_shown_masked(world: World, asked: str) -> None:
    party_id = a_customer(world)
    shown = asked_for(world, "zhaolei", asked)
    assert f'href="{PAGE}{party_id}/"' in shown
    assert f"{PERSON.mobile[:3]}****{PERSON.mobile[-4:]}" in shown
    assert PERSON.id_number not in shown.replace(f'value="{asked}"', "")


def test_another_branch_finds_nobody_and_opens_nothing(world: World) -> None:
    party_id = a_customer(world)
    stranger = at_the_desk(world, "zhengyi")
    assert search(PERSON.mobile, world.staff("zhengyi")) == ()
    assert "没有找到" in asked_for(world, "zhengyi", PERSON.mobile)
    assert stranger.get(f"{PAGE}{party_id}/").status_code == 404
    asked = {"what": "mobile", "reason": "致电客户核实"}
    assert stranger.post(f"{PAGE}{party_id}/unmask/", asked).status_code == 404
    assert Unmasking.objects.count() == 0


def test_one_character_finds_nobody(world: World) -> None:
    a_customer(world)
    assert search(PERSON.name[:1], world.staff("chenjing")) == ()
    assert "请至少输入两个字" in asked_for(world, "chenjing", PERSON.name[:1])


def test_the_page_of_a_customer_has_their_cases_and_loans(world: World) -> None:
    party_id = a_customer(world)
    shown = looked_at(at_the_desk(world, "zhaolei"), f"{PAGE}{party_id}/")
    assert Case.objects.get().number in shown
    assert "办理中" in shown
    assert "还没有贷款" in shown
    assert PERSON.id_number not in shown


def test_a_number_is_shown_in_clear_for_a_reason_that_is_on_record(world: World) -> None:
    party_id = a_customer(world)
    client, address = at_the_desk(world, "zhaolei"), f"{PAGE}{party_id}/unmask/"
    assert client.post(address, {"what": "id_number", "reason": ""}).status_code == 422
    assert client.post(address, {"what": "address", "reason": "致电客户核实"}).status_code == 404
    assert Unmasking.objects.count() == 0
    answer = client.post(address, {"what": "id_number", "reason": "致电客户核实"})
    assert PERSON.id_number in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert [row.reason for row in Unmasking.objects.all()] == ["致电客户核实"]


def test_settings_show_who_i_am_and_take_an_absence_and_a_view(world: World) -> None:
    client = at_the_desk(world, "limin")
    client.post("/desk/views/", {"name": "超时的", "query": "late=1"})
    shown = looked_at(client, "/desk/settings/")
    assert "李敏" in shown
    assert "超时的" in shown
    day = f"{timezone.localtime(world.now).date():%Y-%m-%d}"
    assert client.post("/desk/settings/", {"from_date": "", "until_date": day}).status_code == 422
    assert Absence.objects.count() == 0
    form = {"from_date": day, "until_date": day, "delegate": world.lender.members["wangfang"].pk}
    assert client.post("/desk/settings/", form).status_code == 302
    assert "由王芳代理" in looked_at(client, "/desk/settings/")
    assert client.post("/desk/settings/", {"drop": SavedView.objects.get().pk}).status_code == 302
    assert SavedView.objects.count() == 0
