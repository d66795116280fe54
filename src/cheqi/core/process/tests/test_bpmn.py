"""A definition as BPMN: well-formed, complete, drawn, and the same every time."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from cheqi.core.process.bpmn import export
from cheqi.core.process.bpmn.nodes import Kind, diagram
from cheqi.core.process.catalogue import Catalogue, Predicate
from cheqi.core.process.definition import Definition
from cheqi.core.process.drawing import page
from cheqi.core.process.loading import load

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PICTURE = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


@pytest.fixture
def definition() -> Definition:
    """Ask; two checks side by side, of which one may be skipped and may go back; an awaited end."""
    source = {
        "process": "small",
        "version": 2,
        "effective_from": "2026-11-01",
        "title": label("小流程"),
        "calendar": "always",
        "facts": {"amount_fen": {"kind": "integer"}},
        "stages": [{"key": "only", "title": label("阶段")}],
        "statuses": {"DONE": label("完成"), "REFUSED": label("未通过")},
        "steps": [
            {"key": "ask", "title": label("申请"), "stage": "only", "owner": "customer", "target": "1d"},
            {
                "key": "check",
                "title": label("核验"),
                "stage": "only",
                "after": ["ask"],
                "owner": {"role": "reviewer"},
                "target": "4h",
            },
            {
                "key": "second",
                "title": label("复核"),
                "stage": "only",
                "after": ["ask"],
                "when": "is_large",
                "owner": {"role": "reviewer"},
                "target": "4h",
                "outcomes": {"approve": "done", "return": "ask", "refuse": "close(REFUSED)"},
            },
            {
                "key": "file",
                "title": label("申报"),
                "stage": "only",
                "after": ["check", "second"],
                "run": "registry.file",
                "await": "registry.result",
                "ball": "registry",
                "target": "1d",
            },
        ],
    }
    catalogue = Catalogue(
        operations=frozenset({"registry.file"}),
        predicates={
            "is_large": Predicate(lambda facts: int(facts.get("amount_fen") or 0) > 100, ("amount_fen",))
        },
        roles=frozenset({"reviewer"}),
        calendars=frozenset({"always"}),
        awaited=frozenset({"registry.result"}),
    )
    loaded = load(source, catalogue)
    assert isinstance(loaded, Definition), loaded
    return loaded


def test_each_step_is_one_task_of_its_kind(definition: Definition) -> None:
    kinds = {node.id: node.kind for node in diagram(definition, "zh").nodes.values()}
    assert [kinds[step.key] for step in definition.steps] == [Kind.USER, Kind.USER, Kind.USER, Kind.SERVICE]
    assert kinds["file-catch"] is Kind.CATCH


def test_gateways_stand_only_where_ways_part_or_meet(definition: Definition) -> None:
    gateways = {
        node.id
        for node in diagram(definition, "zh").nodes.values()
        if node.kind in {Kind.EXCLUSIVE, Kind.PARALLEL}
    }
    assert gateways == {
        "ask-entry",
        "ask-split",
        "second-question",
        "second-answer",
        "second-merge",
        "file-join",
    }


def test_outcomes_lead_on_back_and_to_an_end(definition: Definition) -> None:
    flows = {(flow.source, flow.target, flow.name) for flow in diagram(definition, "zh").flows}
    assert ("second-answer", "second-merge", "approve") in flows
    assert ("second-answer", "ask-entry", "return") in flows
    assert ("second-answer", "second-refuse-end", "refuse") in flows
    assert ("second-question", "second-merge", "不需要") in flows


def test_the_document_is_consistent_and_everything_is_drawn(definition: Definition) -> None:
    root = ET.fromstring(export(definition))
    process = root.find(f"{MODEL}process")
    assert process is not None
    flows = process.findall(f"{MODEL}sequenceFlow")
    elements = {e.get("id"): e for e in process if e.tag not in {f"{MODEL}sequenceFlow", f"{MODEL}laneSet"}}
    for flow in flows:
        source, target = elements[flow.get("sourceRef")], elements[flow.get("targetRef")]
        assert flow.get("id") in [e.text for e in source.findall(f"{MODEL}outgoing")]
        assert flow.get("id") in [e.text for e in target.findall(f"{MODEL}incoming")]
    in_lanes = Counter(ref.text for ref in process.iter(f"{MODEL}flowNodeRef"))
    nodes = {node_id for node_id in elements if node_id}
    assert in_lanes == Counter(nodes)
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{PICTURE}BPMNShape")}
    assert nodes <= drawn
    assert {e.get("bpmnElement") for e in root.iter(f"{PICTURE}BPMNEdge")} == {f.get("id") for f in flows}


def test_no_two_nodes_cover_each_other(definition: Definition) -> None:
    root = ET.fromstring(export(definition))
    boxes = []
    for shape in root.iter(f"{PICTURE}BPMNShape"):
        if not shape.get("isHorizontal"):
            bounds = shape[0]
            boxes.append(tuple(int(bounds.get(side, "")) for side in ("x", "y", "width", "height")))
    for index, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[index + 1 :]:
            apart = (
                x + width <= other_x
                or other_x + other_width <= x
                or y + height <= other_y
                or other_y + other_height <= y
            )
            assert apart


def test_the_export_is_the_same_every_time_and_speaks_both_languages(definition: Definition) -> None:
    assert export(definition) == export(definition)
    assert 'name="不需要"' in export(definition)
    assert 'name="no"' in export(definition, "en")


def test_the_page_of_the_docs_draws_every_step_once(definition: Definition) -> None:
    text = page(definition)
    assert text.startswith("# 小流程 · 小流程\n")
    assert [text.count(f"| `{step.key}` |") for step in definition.steps] == [1, 1, 1, 1]
    assert "  second -. return .-> ask" in text
    assert "| `file` | 申报 | 系统 | check, second | – | 1d | – | done, on `registry.result` |" in text
