"""`cheqi process simulate`: the baseline's assumptions fit the packs, and the report reads as it should."""

import json
from pathlib import Path

import pytest

from cheqi.config.cli import main
from cheqi.config.cli.process.packs import PACKS, definition_in
from cheqi.config.cli.process.simulating import ASSUMPTIONS
from cheqi.config.cli.process.tables import width
from cheqi.core.process.simulation.assumptions import Assumptions
from cheqi.core.process.simulation.reading import read
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.tests.packs import NOW, World
from cheqi.insight.estimates.tests.scenarios import took
from cheqi.rules.reading import read_yaml

Output = pytest.CaptureFixture[str]
FEW = ["process", "simulate", "application", "--cases", "40"]


@pytest.mark.parametrize("path", sorted(ASSUMPTIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_assumptions_that_come_with_the_product_fit_their_pack_and_are_marked_as_such(path: Path) -> None:
    definition = definition_in(PACKS / path.name)
    assert definition is not None
    found = read(read_yaml(path.read_text(encoding="utf-8")), definition)
    assert isinstance(found, Assumptions), found
    assert "非实测" in found.title.zh


def test_the_report_is_a_table_that_says_what_it_rests_on(capsys: Output) -> None:
    assert main(FEW) == 0
    said = capsys.readouterr().out
    assert "模拟 40 件 · 每工作日 20 件 · 种子 1" in said
    assert "基线假设（非实测）" in said
    assert "前后各 8 件只陪跑，不计入" in said
    lines = said.splitlines()
    head = next(line for line in lines if line.startswith("步骤"))
    review = next(line for line in lines if line.startswith("额度审批"))
    assert width(head) == width(review)
    assert "瓶颈（合计等待）：" in said


def test_json_has_the_whole_report_and_a_day_and_people_are_as_asked(capsys: Output) -> None:
    assert main([*FEW, "--json", "--a-day", "5", "--people", "reviewer=7", "--seed", "3"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["a_day"], report["seed"], report["measured"]) == (5.0, 3, 40)
    assert {one["group"]: one["people"] for one in report["groups"]}["reviewer"] == 7
    assert sum(report["endings"].values()) + report["open_at_end"] == 40


def test_two_staffings_are_shown_side_by_side_over_the_same_cases(capsys: Output) -> None:
    assert main([*FEW, "--against", "reviewer=4"]) == 0
    said = capsys.readouterr().out
    assert "审核员 4 人" in next(line for line in said.splitlines() if "原来" in line)
    line = next(line for line in said.splitlines() if line.startswith("审核员 忙碌"))
    assert "2 人" in line
    assert "4 人" in line
    assert main([*FEW, "--against", "reviewer=4", "--json"]) == 0
    before, after = json.loads(capsys.readouterr().out)
    assert before["endings"] == after["endings"]


def test_a_bad_file_of_assumptions_is_refused_with_every_mistake(tmp_path: Path, capsys: Output) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("process: application\ntitle: {zh: 错, en: Wrong}\na_day: -1\npeople: {wizard: 1}\n")
    assert main([*FEW, "--assume", str(wrong)]) == 1
    said = capsys.readouterr().out
    assert "wrong.yaml: 2 处错误" in said
    assert "a_day" in said
    assert "people.wizard" in said


@pytest.mark.parametrize(
    "asked",
    [
        ["--people", "wizard=1"],
        ["--people", "reviewer=none"],
        ["--against", "reviewer=0"],
        ["--a-day", "0"],
        ["--assume", "nowhere.yaml"],
    ],
)
def test_what_cannot_be_simulated_is_said(asked: list[str], capsys: Output) -> None:
    assert main([*FEW, *asked]) == 2
    assert capsys.readouterr().err
    assert main(["process", "simulate", "no_such"]) == 2


@pytest.mark.django_db
def test_history_replaces_the_assumed_times_and_shares(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    world = World()
    took(world, [90] * 40, step="send_documents", side="THEIRS")
    StepRow.objects.filter(key="send_documents").update(outcome="done")
    took(world, [200] * 40)
    asked = ["process", "simulate", "small_loan", "--cases", "40", "--json", "--from-history"]
    assert main(asked) == 0
    report = json.loads(capsys.readouterr().out)
    steps = {one["key"]: one for one in report["steps"]}
    assert report["from_history"] == ["send_documents", "review"]
    assert steps["send_documents"]["handling"] == {"count": 40, "mean": 90, "median": 90, "p80": 90}
    assert steps["review"]["handling"]["mean"] < 60
    assert steps["review"]["returns"] == 0
    assert main([*asked[:2], "nothing", "--from-history"]) == 2
    assert main([*asked[:5], "--from-history"]) == 0
    assert "取自已办结案件 (from finished cases)：提交资料、审批" in capsys.readouterr().out


def test_assumptions_that_do_not_fit_a_changed_process_say_what_to_do(tmp_path: Path, capsys: Output) -> None:
    text = (PACKS / "application.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "application.yaml"
    changed.write_text(text.replace("gps_required", "gps_wanted").replace("needs_gps", "payee_differs"))
    assert main(["process", "simulate", str(changed), "--cases", "5"]) == 1
    said = capsys.readouterr().out
    assert "facts.gps_required" in said
    assert "--assume" in said
