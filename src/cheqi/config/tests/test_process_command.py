"""`cheqi process`: what is wrong is said at once, and the docs are as the pack is."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from cheqi.config.cli import main
from cheqi.config.cli.process import PACKS

DOCS = Path(__file__).parents[4] / "docs" / "processes"


def test_every_pack_of_the_baseline_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "check"]) == 0
    assert "✓ application v1: 25 steps" in capsys.readouterr().out


def test_five_mistakes_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = yaml.safe_load((PACKS / "application.yaml").read_text(encoding="utf-8"))
    pack["steps"][0]["when"] = "nobody_registered_this"
    pack["steps"][2]["target"] = "soon"
    pack["steps"][4]["owner"] = {"role": "wizard"}
    pack["steps"][6]["after"] = ["no_such_step"]
    del pack["steps"][8]["title"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    assert main(["process", "check", str(wrong)]) == 1
    said = capsys.readouterr().out
    assert all(
        place in said
        for place in (
            "steps[0].when",
            "steps[2].target",
            "steps[4].owner",
            "steps[6].after",
            "steps[8].title",
        )
    )


def test_the_docs_draw_the_processes_as_they_are(tmp_path: Path) -> None:
    assert main(["process", "draw", str(tmp_path)]) == 0
    drawn = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.iterdir()}
    kept = {page.name: page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")}
    assert kept == drawn, "run `cheqi process draw docs/processes` and commit"


def test_bpmn_is_printed_and_an_unknown_process_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "bpmn", "application"]) == 0
    root = ET.fromstring(capsys.readouterr().out)
    assert root.tag.endswith("definitions")
    assert main(["process", "bpmn", "no_such"]) == 2
    assert "no such process" in capsys.readouterr().out
