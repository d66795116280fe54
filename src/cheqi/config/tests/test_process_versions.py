"""`cheqi process publish`, `versions` and `migrate`: what is in force, and live cases on another version."""

from pathlib import Path

import pytest
from django.utils import timezone

from cheqi.config.cli import main
from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.workflow import operations
from cheqi.foundation.workflow.models import Case, DefinitionRow, StepRow
from cheqi.foundation.workflow.tests.packs import NOW, World
from cheqi.foundation.workflow.tests.test_publishing import SECOND, WITH_CALL

pytestmark = pytest.mark.django_db
Output = pytest.CaptureFixture[str]
MOVE = ["process", "migrate", "small_loan", "--to", "2"]
WITHOUT_DOCUMENTS = (
    SECOND.replace("key: send_documents", "key: hand_in")
    .replace("after: [send_documents]", "after: [hand_in]")
    .replace("return: send_documents", "return: hand_in")
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """The small lender of the workflow's tests, at its own moment."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return World()


def publish(source: str) -> DefinitionRow:
    row = operations.publish_definition(source=source, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow), row
    return row


def on_version(number: int) -> int:
    return Case.objects.filter(definition__version=number).count()


def a_file(folder: Path, source: str) -> str:
    path = folder / "small_loan.yaml"
    path.write_text(source, encoding="utf-8")
    return str(path)


def test_a_version_is_published_by_a_colleague_who_may(world: World, tmp_path: Path, capsys: Output) -> None:
    assert main(["process", "publish", a_file(tmp_path, SECOND), "--as", "zheng"]) == 0
    assert "✓ small_loan v2 已发布" in capsys.readouterr().out
    assert DefinitionRow.objects.get(version=2).published_by == f"STAFF:{world.boss.pk}"
    assert main(["process", "publish", a_file(tmp_path, SECOND), "--as", "zheng"]) == 0
    assert DefinitionRow.objects.count() == 2


def test_all_mistakes_are_named_and_the_old_version_goes_on(
    world: World, tmp_path: Path, capsys: Output
) -> None:
    broken = SECOND.replace("target: 3d", "target: soon").replace("test.pay_out", "test.payout")
    assert main(["process", "publish", a_file(tmp_path, broken), "--as", "zheng"]) == 1
    said = capsys.readouterr().out
    assert "steps[0].target" in said
    assert "steps[3].run" in said
    assert list(DefinitionRow.objects.values_list("version", flat=True)) == [1]


def test_who_may_not_change_processes_publishes_nothing(world: World, tmp_path: Path, capsys: Output) -> None:
    assert main(["process", "publish", a_file(tmp_path, SECOND), "--as", "lin"]) == 1
    assert "只有运营经理或系统管理员" in capsys.readouterr().out
    assert main(["process", "publish", a_file(tmp_path, SECOND), "--as", "nobody"]) == 2
    assert main(["process", "publish", str(tmp_path / "missing.yaml")]) == 2
    assert DefinitionRow.objects.count() == 1


def test_versions_say_what_is_in_force_and_what_stands_on_each(world: World, capsys: Output) -> None:
    world.open(key="one")
    world.open(key="two")
    publish(SECOND.replace("2026-01-01", "2027-01-01"))
    assert main(["process", "versions", "small_loan"]) == 0
    newest, oldest = capsys.readouterr().out.splitlines()[1:]
    assert newest.split()[:2] == ["v2", "2027-01-01"]
    assert "0  未生效" in newest
    assert "2  现行" in oldest
    assert world.row.content_hash[:12] in oldest
    assert main(["process", "versions", "nothing"]) == 2


def test_without_do_nothing_changes_and_every_case_says_what_would(world: World, capsys: Output) -> None:
    case = world.in_review()
    publish(WITH_CALL)
    events = EventRow.objects.count()
    assert main([*MOVE, "--case", case.number]) == 0
    said = capsys.readouterr().out
    assert f"✓ {case.number}  v1 → v2" in said
    assert "继续 (goes on): 审批" in said
    assert "新开 (opens): 电话核实" in said
    assert "可迁移 (can move) 1，不能 (cannot) 0" in said
    assert "演练" in said
    assert (on_version(1), EventRow.objects.count()) == (1, events)


def test_every_reason_against_is_said(world: World, capsys: Output) -> None:
    stuck = world.in_review()
    publish(WITHOUT_DOCUMENTS.replace("{kind: integer}", "{kind: text}"))
    assert main([*MOVE, "--all-open", "--do", "--yes", "--as", "zheng"]) == 1
    said = capsys.readouterr().out
    assert f"✗ {stuck.number}  v1 → v2  不能迁移" in said
    assert "send_documents: 新版本没有步骤 send_documents" in said
    assert "amount: 新版本不接受事实 amount" in said
    assert on_version(1) == 1


def test_with_do_each_case_moves_by_a_named_colleague_and_a_refusal_does_not_stop_the_others(
    world: World, capsys: Output
) -> None:
    stuck, free = world.in_review(key="one"), world.open(key="two")
    publish(WITH_CALL.replace("{kind: integer}", "{kind: text}"))
    Case.objects.filter(pk=free.case_id).update(facts={})
    assert main([*MOVE, "--all-open", "--do", "--yes", "--as", "zheng"]) == 1
    said = capsys.readouterr().out
    assert f"✓ {free.number}  已迁移" in said
    assert "已迁移 (moved) 1 件，未迁移 (refused) 1 件" in said
    assert Case.objects.get(pk=free.case_id).definition.version == 2
    assert Case.objects.get(pk=stuck.case_id).definition.version == 1
    event = EventRow.objects.get(case_id=free.case_id, type="process.case_migrated")
    assert (event.actor_id, event.actor_name) == (str(world.boss.pk), "郑凯")


def test_do_asks_first_and_needs_somebody_who_may(
    world: World, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.in_review()
    publish(WITH_CALL)
    asked = [*MOVE, "--case", case.number, "--do"]
    assert main(asked) == 2
    assert main([*asked, "--as", "lin"]) == 2
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    assert main([*asked, "--as", "zheng"]) == 1
    assert on_version(1) == 1
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    assert main([*asked, "--as", "zheng"]) == 0
    assert on_version(2) == 1
    assert StepRow.objects.filter(key="call", status="OPEN").exists()


def test_unknown_cases_and_versions_are_said(world: World, capsys: Output) -> None:
    assert main([*MOVE, "--all-open"]) == 2
    assert "no such version" in capsys.readouterr().err
    publish(SECOND)
    assert main([*MOVE, "--case", "XD-2026-999999"]) == 2
    assert "XD-2026-999999" in capsys.readouterr().err
    assert main([*MOVE, "--all-open"]) == 0
