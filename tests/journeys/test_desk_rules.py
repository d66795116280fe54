"""Rule packs at the desk: what counts, its history with what changed, its cases."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from cheqi.core.base.findings import Refused
from cheqi.foundation.rulebook.history import history
from cheqi.foundation.rulebook.operations import propose, publish
from cheqi.foundation.rulebook.tests.test_rulebook import term_pack
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, looked_at


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def test_a_pack_shows_its_rules_its_cases_and_the_versions_before(world: World) -> None:
    shown = looked_at(at_the_desk(world, "zhouning"), "/desk/rules/auto_loan_ltv/")
    assert "二手车贷款最高发放比例为70%" in shown
    assert "自用新车由机构确定" in shown
    assert "成立" in shown
    assert "2018-01-01 – 2024-04-03" in shown
    assert "银发〔2017〕234号" in shown
    assert "变更" in shown


def test_a_published_version_stands_in_the_history_with_who_and_why(world: World) -> None:
    maker, checker = world.staff("zhouning"), world.staff("admin")
    row = propose(source=term_pack(), reason="缩短二手车期限", actor=maker, now=world.now)
    assert not isinstance(row, Refused)
    client = at_the_desk(world, "zhouning")
    assert "待复核的版本" in looked_at(client, "/desk/rules/")
    assert "待复核" in looked_at(client, "/desk/rules/auto_loan_term/")
    assert not isinstance(publish(version_id=row.pk, actor=checker, now=world.now), Refused)
    newest, baseline = history("auto_loan_term", maker)
    assert (newest.pack.version, newest.until, newest.reason) == (2, None, "缩短二手车期限")
    assert (newest.proposed_by, newest.decided_by) == (maker.name, checker.name)
    assert baseline.until == newest.pack.effective_from
    assert any("信贷政策" in each.zh for each in newest.changes)
    shown = looked_at(client, "/desk/rules/auto_loan_term/")
    assert "缩短二手车期限" in shown
    assert "待生效" in shown


def test_a_pack_that_nobody_made_is_no_page(world: World) -> None:
    assert at_the_desk(world, "zhouning").get("/desk/rules/no_such_pack/").status_code == 404
