"""`cheqi process`: what is wrong is said at once, and the docs are as the pack is."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from cheqi.config.cli import main
from cheqi.config.cli.process.packs import PACKS

PROJECT = Path(__file__).parents[4]
DOCS = PROJECT / "docs" / "processes"
READER_PART = PROJECT / "node_modules" / "bpmn-moddle"


def test_every_pack_of_the_baseline_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    pack = yaml.safe_load((PACKS / "application.yaml").read_text(encoding="utf-8"))
    assert main(["process", "check"]) == 0
    line = f"✓ application v{pack['version']}: {len(pack['steps'])} steps"
    assert line in capsys.readouterr().out


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
    assert "no such process" in capsys.readouterr().err


@pytest.mark.skipif(
    not READER_PART.is_dir() or shutil.which("node") is None,
    reason="reads with bpmn-moddle: needs node and `npm ci`",
)
@pytest.mark.parametrize("process", sorted(pack.stem for pack in PACKS.glob("*.yaml")))
def test_the_parser_under_bpmn_js_reads_the_export_without_a_warning(
    process: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["process", "bpmn", process]) == 0
    exported = capsys.readouterr().out
    whole = read_as_bpmn_js_does(exported)
    assert whole["warnings"] == []
    assert whole["drawn"] == exported.count("<bpmndi:BPMNShape") + exported.count("<bpmndi:BPMNEdge") > 0
    broken = read_as_bpmn_js_does(re.sub(r'bpmnElement="[^"]+"', 'bpmnElement="nothing"', exported, count=1))
    assert broken["warnings"] == ["unresolved reference <nothing>"]


def read_as_bpmn_js_does(document: str) -> dict[str, Any]:
    """What the parser warned of, and how many elements of the process it found drawn."""
    command = ["node", str(Path(__file__).with_name("read_bpmn.mjs"))]
    answer = subprocess.run(command, input=document, capture_output=True, text=True, check=True)
    return dict(json.loads(answer.stdout))
