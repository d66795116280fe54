"""The desk's pages over real cases: who may see them, what they show, in how many statements."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cheqi.foundation.staff import sessions
from cheqi.foundation.workflow.models import Case
from tests.journeys.conftest import World
from tests.journeys.test_application import PERSON, sent

MOST_STATEMENTS = 15


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The edge's clock is the test's, and so is the language."""
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def at_the_desk(world: World, login: str, *, stepped_up: bool = False) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    member = world.lender.members[login]
    at = world.now.isoformat() if stepped_up else None
    session = client.session
    session[sessions.KEY] = {"id": member.pk, "epoch": member.session_epoch, "passed": True, "stepped_up": at}
    session.save()
    return client


def looked_at(client: Client, path: str, status: int = 200) -> str:
    """The page's text; it may not ask the database more often than a page may."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:500])
    statements = [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= MOST_STATEMENTS, "\n".join(one[:200] for one in statements)
    return answer.content.decode()


def test_an_empty_queue_says_so(world: World) -> None:
    assert "现在没有待办" in looked_at(at_the_desk(world, "zhaolei"), "/desk/")


def test_the_page_of_a_case_shows_who_what_and_how_much(world: World) -> None:
    case = Case.objects.get(pk=sent(world))
    client = at_the_desk(world, "chenjing")
    assert case.number in looked_at(client, f"/desk/cases/{case.number}/")
    facts = looked_at(client, f"/desk/cases/{case.number}/facts/")
    assert "¥100,000.00" in facts
    assert PERSON.name in facts
    assert PERSON.id_number not in facts
    assert "身份证（人像面）" in looked_at(client, f"/desk/cases/{case.number}/work/?step=collect_materials")
    assert "提交申请" in looked_at(client, f"/desk/cases/{case.number}/past/")
