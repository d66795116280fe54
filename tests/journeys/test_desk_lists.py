"""The desk's lists: who is offered what, filters, kept views, escalations, inbox, the process map."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from cheqi.config.cli.process.packs import PACKS
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.staff.queries import members
from cheqi.foundation.workflow.models import Case, DefinitionRow, Escalation, StepRow
from cheqi.foundation.workflow.operations import acknowledge, publish_definition, ring_due
from cheqi.foundation.workflow.queries import CaseFilters, case_count, cases, escalated
from cheqi.web.desk import operations
from cheqi.web.desk.models import SavedView
from cheqi.web.desk.queries import views_of
from tests.journeys.acts import PERSON, owner_of, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, in_review, looked_at


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def late_review(world: World) -> Escalation:
    """A review that missed its target and escalated to the operations manager, and one level up since."""
    in_review(world)
    world.now += timedelta(days=2)
    ring_due(now=world.now)
    world.pass_time()
    return Escalation.objects.get(step__key="review", level=1)


def test_only_who_may_enter_an_application_is_offered_to(world: World) -> None:
    assert "新建申请" in looked_at(at_the_desk(world, "chenjing"), "/desk/cases/")
    assert "新建申请" not in looked_at(at_the_desk(world, "zhaolei"), "/desk/cases/")
    assert "新建申请" not in looked_at(at_the_desk(world, "zhaolei"), "/desk/board/")


def test_the_list_is_filtered_by_stage_and_a_second_click_takes_the_filter_off(world: World) -> None:
    case_id = in_review(world)
    number = Case.objects.get(pk=case_id).number
    client = at_the_desk(world, "zhouning")
    shown = looked_at(client, "/desk/cases/?stage=decision")
    assert number in shown
    assert 'href="?" aria-current="true">审批' in shown
    assert number not in looked_at(client, "/desk/cases/?stage=lien")


def test_cases_are_counted_and_listed_in_scope_by_standing(world: World) -> None:
    sent(world)
    mine, stranger = world.staff("chenjing"), world.staff("zhengyi")
    every, late, closed = CaseFilters("OPEN"), CaseFilters("LATE"), CaseFilters("CLOSED")
    assert [case_count(mine, one, world.now) for one in (every, late, closed)] == [1, 0, 0]
    assert case_count(stranger, every, world.now) == 0
    assert cases(stranger, every, world.now) == []
    much_later = world.now + timedelta(days=30)
    assert [line.number for line in cases(mine, late, much_later)] == [Case.objects.get().number]


def test_an_escalation_is_taken_care_of_once_by_who_it_went_to(world: World) -> None:
    one = late_review(world)
    manager, reviewer = world.staff("zhouning"), world.staff("zhaolei")
    assert escalated(reviewer) == []
    refused = acknowledge(one.pk, actor=reviewer, now=world.now)
    assert isinstance(refused, Refused)
    one.refresh_from_db()
    assert one.acknowledged_at is None
    assert not isinstance(acknowledge(one.pk, actor=manager, now=world.now), Refused)
    first = world.now
    world.now += timedelta(hours=1)
    acknowledge(one.pk, actor=manager, now=world.now)
    one.refresh_from_db()
    assert (one.acknowledged_by, one.acknowledged_at) == (manager.name, first)


def test_the_page_of_escalations_says_how_late_and_who_follows_up(world: World) -> None:
    one = late_review(world)
    client = at_the_desk(world, "zhouning")
    shown = looked_at(client, "/desk/escalated/")
    assert "超时" in shown
    assert PERSON.name in shown
    assert f"{owner_of(world, one.case_id, 'review').name}办理" in shown
    assert "我来跟进" in shown
    assert client.post(f"/desk/escalated/{one.pk}/").status_code == 302
    assert "周宁" in looked_at(client, "/desk/escalated/")


def test_the_next_level_stands_with_who_is_above_and_says_so(world: World) -> None:
    late_review(world)
    assert "第 1 级" in looked_at(at_the_desk(world, "zhouning"), "/desk/escalated/")
    shown = looked_at(at_the_desk(world, "hanxue"), "/desk/escalated/")
    assert "第 2 级" in shown
    assert "第 1 级" not in shown


def test_a_message_leads_to_its_case_and_shows_no_address(world: World) -> None:
    late_review(world)
    world.settle()
    world.pass_time()
    shown = looked_at(at_the_desk(world, "zhouning"), "/desk/messages/")
    number = StepRow.objects.get(key="review").case.number
    assert f'href="/desk/cases/{number}/' in shown
    assert "http://" not in shown.partition("<main")[2]


def test_the_process_is_drawn_with_its_targets_in_words(world: World) -> None:
    shown = looked_at(at_the_desk(world, "zhouning"), "/desk/process/")
    assert "中后台 · 4 小时" in shown
    assert "客户 · 3 个工作日" in shown


def test_the_process_page_says_how_many_open_cases_in_scope_stand_on_which_version(world: World) -> None:
    sent(world)
    row = DefinitionRow.objects.get(process="application")
    source = (PACKS / "application.yaml").read_text(encoding="utf-8")
    newer = source.replace(f"\nversion: {row.version}\n", f"\nversion: {row.version + 1}\n", 1)
    boss = world.staff("zhouning")
    assert publish_definition(
        source=newer, actor=boss, now=world.now, effective_from=world.now.date() + timedelta(days=9)
    )

    def lines(login: str) -> list[str]:
        shown = looked_at(at_the_desk(world, login), "/desk/process/").partition("<tbody>")[2]
        return [" ".join(re.sub("<[^>]+>", " ", line).split()) for line in shown.split("</tr>")[:2]]

    newest, current = lines("zhouning")
    assert newest.startswith(f"v{row.version + 1} 未生效 0 ")
    assert "周宁" in newest
    assert current.startswith(f"v{row.version} 现行 1 ")
    assert row.content_hash[:12] in current
    here, elsewhere = lines("zhaolei")[1], lines("tangwei")[1]
    assert here.startswith(f"v{row.version} 现行 1 ")
    assert elsewhere.startswith(f"v{row.version} 现行 0 ")


def test_a_view_is_kept_under_a_name_and_replaced_by_the_same_name(world: World) -> None:
    actor = world.staff("limin")

    def keep(name: str, query: str) -> SavedView | Refused:
        return operations.save_view(place="queue", name=name, query=query, actor=actor, now=world.now)

    assert isinstance(keep("超时", "?late=1"), SavedView)
    assert isinstance(keep("超时", "late=1&whose=ALL"), SavedView)
    assert [(one.name, one.query) for one in views_of("queue", actor)] == [("超时", "late=1&whose=ALL")]
    nameless = keep("  ", "late=1")
    assert isinstance(nameless, Refused)
    assert nameless.kind is RefusalKind.INVALID
    for number in range(operations.MOST_VIEWS - 1):
        keep(f"视图{number}", "late=1")
    one_more = keep("再来一个", "late=1")
    assert isinstance(one_more, Refused)
    assert one_more.findings[0].rule == "desk.view.limit"
    assert SavedView.objects.count() == operations.MOST_VIEWS


def test_a_view_is_dropped_by_its_owner_only(world: World) -> None:
    mine, other = world.staff("limin"), world.staff("wangfang")
    kept = operations.save_view(place="queue", name="我的", query="late=1", actor=mine, now=world.now)
    assert isinstance(kept, SavedView)
    operations.drop_view(kept.pk, actor=other)
    assert views_of("queue", mine) == (kept,)
    operations.drop_view(kept.pk, actor=mine)
    assert views_of("queue", mine) == ()


def test_colleagues_are_listed_with_their_roles_to_who_may_see_their_branch(world: World) -> None:
    everybody = members(world.staff("zhouning"), world.now)
    here = members(world.staff("chenjing"), world.now)
    assert {one.login for one in everybody} == set(world.lender.members)
    assert "zhengyi" not in {one.login for one in here}
