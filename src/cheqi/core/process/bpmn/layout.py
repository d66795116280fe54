"""Where each node stands: lanes from top to bottom, steps by depth from left to right.

Steps of one lane at the same depth stand below each other. Pixels, whole numbers; a returning arrow
runs below its lane so that it crosses no task.
"""

from dataclasses import dataclass

from cheqi.core.process.bpmn.nodes import Diagram, Kind, Node

SIZES = {
    Kind.START: (36, 36),
    Kind.END: (36, 36),
    Kind.CATCH: (36, 36),
    Kind.USER: (120, 64),
    Kind.SERVICE: (120, 64),
    Kind.RECEIVE: (120, 64),
    Kind.EXCLUSIVE: (40, 40),
    Kind.PARALLEL: (40, 40),
}
GAP = 36
COLUMN_GAP = 60
ROW_HEIGHT = 130
LEFT = 190
LANE_LABEL = 30
POOL_LEFT = 130


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The rectangles of nodes and lanes, and the corner points of each flow by its id."""

    nodes: dict[str, Bounds]
    lanes: dict[str, Bounds]
    flows: dict[str, tuple[tuple[int, int], ...]]


def place(drawn: Diagram) -> Layout:
    """The layout of a diagram."""
    rows = _rows(drawn)
    tops, heights = _lanes(drawn, rows)
    lefts, right = _columns(rows)
    nodes: dict[str, Bounds] = {}
    for (lane, column, slot), row in rows.items():
        x = lefts[column]
        middle = tops[lane] + slot * ROW_HEIGHT + ROW_HEIGHT // 2
        for node in row:
            width, height = SIZES[node.kind]
            at = middle + ROW_HEIGHT // 2 - 26 if node.note == "close" else middle
            nodes[node.id] = Bounds(x, at - height // 2, width, height)
            x += width + GAP if node.note != "close" else 0
    lanes = {
        lane: Bounds(POOL_LEFT + LANE_LABEL, tops[lane], right - POOL_LEFT - LANE_LABEL, heights[lane])
        for lane in drawn.lanes
    }
    flows = {
        flow.id: _over(nodes[flow.source], nodes[flow.target])
        if flow.source.endswith("-question") and flow.target.endswith("-merge")
        else _points(nodes[flow.source], nodes[flow.target], lanes[drawn.nodes[flow.source].lane])
        for flow in drawn.flows
    }
    return Layout(nodes, lanes, flows)


Rows = dict[tuple[str, int, int], list[Node]]


def _rows(drawn: Diagram) -> Rows:
    """The nodes of each step from left to right, by lane, column and slot within both."""
    by_step: dict[tuple[str, int, str], list[Node]] = {}
    for node in drawn.nodes.values():
        step = node.id.split("-", maxsplit=1)[0]
        by_step.setdefault((node.lane, node.column, step), []).append(node)
    used: dict[tuple[str, int], int] = {}
    rows: Rows = {}
    for (lane, column, _), nodes in by_step.items():
        slot = used.get((lane, column), 0)
        used[lane, column] = slot + 1
        rows[lane, column, slot] = sorted(nodes, key=lambda node: (node.place, node.id))
    return rows


def _lanes(drawn: Diagram, rows: Rows) -> tuple[dict[str, int], dict[str, int]]:
    """Top and height of each lane."""
    tops, heights, top = {}, {}, 80
    for lane in drawn.lanes:
        slots = 1 + max(slot for (of, _, slot) in rows if of == lane)
        tops[lane], heights[lane] = top, slots * ROW_HEIGHT
        top += heights[lane]
    return tops, heights


def _columns(rows: Rows) -> tuple[dict[int, int], int]:
    """The left edge of each column, and the right edge of all."""
    widths: dict[int, int] = {}
    for (_, column, _), nodes in rows.items():
        width = sum(SIZES[node.kind][0] + GAP for node in nodes if node.note != "close") - GAP
        widths[column] = max(widths.get(column, 0), width)
    lefts, left = {}, LEFT
    for column in sorted(widths):
        lefts[column] = left
        left += widths[column] + COLUMN_GAP
    return lefts, left


def _over(source: Bounds, target: Bounds) -> tuple[tuple[int, int], ...]:
    """Over the task between a question and its merge: the way of a step that is skipped."""
    above = source.y - ROW_HEIGHT // 4
    out, back = source.x + source.width // 2, target.x + target.width // 2
    return ((out, source.y), (out, above), (back, above), (back, target.y))


def _points(source: Bounds, target: Bounds, lane: Bounds) -> tuple[tuple[int, int], ...]:
    """Right edge to left edge by two corners; back, or down to an end, around the bottom."""
    start = (source.x + source.width, source.y + source.height // 2)
    end = (target.x, target.y + target.height // 2)
    if end[0] >= start[0]:
        if start[1] == end[1]:
            return (start, end)
        middle = end[0] - COLUMN_GAP // 3
        return (start, (middle, start[1]), (middle, end[1]), end)
    below = lane.y + lane.height - 8
    under, beneath = source.x + source.width // 2, target.x + target.width // 2
    return (
        (under, source.y + source.height),
        (under, below),
        (beneath, below),
        (beneath, target.y + target.height if below > target.y else target.y),
    )
