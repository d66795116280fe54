"""Writes a placed diagram as BPMN 2.0 XML: one collaboration with one pool, its lanes, and the picture."""

from xml.etree import ElementTree as ET

from cheqi.core.process.bpmn.layout import LANE_LABEL, POOL_LEFT, Bounds, Layout
from cheqi.core.process.bpmn.nodes import Diagram, Kind, Node
from cheqi.core.process.definition import Definition

NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


def write(definition: Definition, drawn: Diagram, layout: Layout, language: str) -> str:
    """The document as text."""
    for prefix, uri in NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    root = ET.Element(
        _tag("bpmn", "definitions"),
        {"id": "definitions", "targetNamespace": f"urn:cheqi:{definition.process}"},
    )
    collaboration = _sub(root, "bpmn", "collaboration", id="collaboration")
    title = f"{definition.title.in_language(language)} v{definition.version}"
    _sub(collaboration, "bpmn", "participant", id="pool", name=title, processRef=definition.process)
    process = _sub(root, "bpmn", "process", id=definition.process, name=title, isExecutable="false")
    _sub(process, "bpmn", "documentation").text = f"sha256:{definition.content_hash}"
    _lanes(process, drawn)
    for node in drawn.nodes.values():
        _node(process, node, drawn)
    for flow in drawn.flows:
        named = {"name": flow.name} if flow.name else {}
        attributes = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target, **named}
        _sub(process, "bpmn", "sequenceFlow", **attributes)
    _picture(root, drawn, layout)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _lanes(process: ET.Element, drawn: Diagram) -> None:
    lane_set = _sub(process, "bpmn", "laneSet", id="lanes")
    for lane, name in drawn.lanes.items():
        element = _sub(lane_set, "bpmn", "lane", id=f"lane-{lane}", name=name)
        for node in drawn.nodes.values():
            if node.lane == lane:
                _sub(element, "bpmn", "flowNodeRef").text = node.id


def _node(process: ET.Element, node: Node, drawn: Diagram) -> None:
    element = _sub(process, "bpmn", node.kind.value, id=node.id, **({"name": node.name} if node.name else {}))
    if node.note and node.kind in {Kind.USER, Kind.SERVICE, Kind.RECEIVE}:
        _sub(element, "bpmn", "documentation").text = node.note
    for flow in drawn.flows:
        if flow.target == node.id:
            _sub(element, "bpmn", "incoming").text = flow.id
    for flow in drawn.flows:
        if flow.source == node.id:
            _sub(element, "bpmn", "outgoing").text = flow.id
    if node.kind is Kind.CATCH:
        _sub(element, "bpmn", "messageEventDefinition", id=f"{node.id}-message")


def _picture(root: ET.Element, drawn: Diagram, layout: Layout) -> None:
    picture = _sub(root, "bpmndi", "BPMNDiagram", id="picture")
    plane = _sub(picture, "bpmndi", "BPMNPlane", id="plane", bpmnElement="collaboration")
    lanes = list(layout.lanes.values())
    pool = Bounds(
        POOL_LEFT, lanes[0].y, lanes[0].width + LANE_LABEL, lanes[-1].y + lanes[-1].height - lanes[0].y
    )
    _shape(plane, "pool", pool, isHorizontal="true")
    for lane, bounds in layout.lanes.items():
        _shape(plane, f"lane-{lane}", bounds, isHorizontal="true")
    for node_id, bounds in layout.nodes.items():
        marked = drawn.nodes[node_id].kind is Kind.EXCLUSIVE
        _shape(plane, node_id, bounds, **({"isMarkerVisible": "true"} if marked else {}))
    for flow in drawn.flows:
        edge = _sub(plane, "bpmndi", "BPMNEdge", id=f"{flow.id}-edge", bpmnElement=flow.id)
        for x, y in layout.flows[flow.id]:
            _sub(edge, "di", "waypoint", x=str(x), y=str(y))


def _shape(plane: ET.Element, element_id: str, bounds: Bounds, **more: str) -> None:
    shape = _sub(plane, "bpmndi", "BPMNShape", id=f"{element_id}-shape", bpmnElement=element_id, **more)
    size = {"x": bounds.x, "y": bounds.y, "width": bounds.width, "height": bounds.height}
    _sub(shape, "dc", "Bounds", **{name: str(value) for name, value in size.items()})


def _sub(parent: ET.Element, prefix: str, tag: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, _tag(prefix, tag), attributes)


def _tag(prefix: str, name: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{name}"
