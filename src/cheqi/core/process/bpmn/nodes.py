"""What a definition is in BPMN: tasks, gateways, events, and the flows between them.

A step becomes a short row of nodes, each there only when it is needed:

    join ⊕ · question ◇ · entry ◇ · task · catch ✉ · answer ◇ · merge ◇ · split ⊕

`join` waits for all steps that this one is after; `question` is its `when`; `entry` lets a return come
back in; `answer` has a flow for each outcome; `merge` brings done and skipped together; `split` opens
the steps behind.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from cheqi.core.process.definition import Definition, Effect, Outcome, OwnerKind, Step


class Kind(StrEnum):
    """The BPMN elements that we use, by their tag."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    RECEIVE = "receiveTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"


@dataclass(frozen=True, slots=True)
class Node:
    """One element. `column` orders it from left to right, `place` within its row; `lane` is its owner."""

    id: str
    kind: Kind
    name: str
    lane: str
    column: int
    place: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(slots=True)
class Diagram:
    """All nodes and flows, and the lanes from top to bottom (key, name)."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: dict[str, str] = field(default_factory=dict)

    def node(self, node: Node) -> str:
        """Adds a node and gives its id back."""
        self.nodes[node.id] = node
        return node.id

    def flow(self, source: str, target: str, name: str = "") -> None:
        """Adds an arrow."""
        self.flows.append(Flow(f"f{len(self.flows) + 1}", source, target, name))


LANE_NAMES = {
    "CUSTOMER": ("客户", "Customer"),
    "SYSTEM": ("系统", "System"),
    "client_manager": ("客户经理", "Client manager"),
    "reviewer": ("审核员", "Reviewer"),
    "senior_reviewer": ("高级审核员", "Senior reviewer"),
    "back_office": ("中后台", "Back office"),
    "finance": ("财务", "Finance"),
    "registry_clerk": ("抵押专员", "Registry clerk"),
    "disbursement": ("放款专员", "Disbursement"),
    "operations_manager": ("运营经理", "Operations manager"),
    "operations_director": ("运营总监", "Operations director"),
}
YES_NO = {"zh": ("需要", "不需要"), "en": ("yes", "no")}


def diagram(definition: Definition, language: str) -> Diagram:
    """The nodes and flows of a definition."""
    drawn = Diagram()
    depths = depth_of_steps(definition)
    returned_to = {o.target for s in definition.steps for o in s.outcomes if o.effect is Effect.RETURN}
    followers = {
        step.key: [other for other in definition.steps if step.key in other.after]
        for step in definition.steps
    }
    rows = {
        step.key: Row(drawn, step, language, depths[step.key], step.key in returned_to)
        for step in definition.steps
    }
    for key, row in rows.items():
        row.build(len(followers[key]))
    for step in definition.steps:
        for before in step.after:
            drawn.flow(rows[before].exit, rows[step.key].first)
        _outcomes(drawn, definition, rows, step, language)
    _start(drawn, definition, rows)
    _end(drawn, definition, rows, followers, language)
    return drawn


def depth_of_steps(definition: Definition) -> dict[str, int]:
    """How many steps come before each at the longest way, from 0."""
    depths: dict[str, int] = {}
    for step in definition.steps:
        depths[step.key] = 1 + max((depths[before] for before in step.after), default=-1)
    return depths


@dataclass(slots=True)
class Row:
    """The nodes of one step; `first` and `exit` are where arrows come in and go out."""

    drawn: Diagram
    step: Step
    language: str
    column: int
    is_returned_to: bool
    first: str = ""
    entry: str = ""
    answer: str = ""
    merge: str = ""
    exit: str = ""

    def build(self, followers: int) -> None:
        """Adds the nodes from left to right and the arrows between them."""
        step, yes_no = self.step, YES_NO["en" if self.language.startswith("en") else "zh"]
        last = self.add("join", Kind.PARALLEL, 0) if len(step.after) > 1 else ""
        self.first = last
        question = ""
        if step.when:
            question = self.link(last, self.add("question", Kind.EXCLUSIVE, 1, str(step.when)))
            self.first, last = self.first or question, question
        if self.is_returned_to:
            self.entry = self.link(
                last, self.add("entry", Kind.EXCLUSIVE, 2), yes_no[0] if question == last else ""
            )
            self.first, last = self.first or self.entry, self.entry
        task = self.add("task", self.task_kind(), 3, step.title.in_language(self.language), str(step.target))
        self.link(last, task, yes_no[0] if last and last == question else "")
        self.first, last = self.first or task, task
        if step.run and step.awaits:
            last = self.link(task, self.add("catch", Kind.CATCH, 4, step.awaits))
        if any(outcome.effect is not Effect.DONE for outcome in step.outcomes) or len(step.outcomes) > 1:
            last = self.answer = self.link(last, self.add("answer", Kind.EXCLUSIVE, 5))
        if question or self.answer:
            self.merge = self.add("merge", Kind.EXCLUSIVE, 6)
            if question:
                self.drawn.flow(question, self.merge, yes_no[1])
            if not self.answer:
                self.drawn.flow(last, self.merge)
            last = self.merge
        self.exit = last if followers < 2 else self.link(last, self.add("split", Kind.PARALLEL, 7))

    def task_kind(self) -> Kind:
        """A person's task, the system's, or one that only waits."""
        if self.step.run:
            return Kind.SERVICE
        return Kind.RECEIVE if self.step.awaits else Kind.USER

    def add(self, part: str, kind: Kind, place: int, name: str = "", note: str = "") -> str:
        """Adds one node of this row."""
        lane = lane_of(self.step)
        self.drawn.lanes.setdefault(lane, lane_name(lane, self.language))
        node_id = self.step.key if part == "task" else f"{self.step.key}-{part}"
        return self.drawn.node(Node(node_id, kind, name, lane, self.column, place, note))

    def link(self, source: str, target: str, name: str = "") -> str:
        """An arrow when there is something to come from; gives the target back."""
        if source:
            self.drawn.flow(source, target, name)
        return target


def lane_of(step: Step) -> str:
    """Who does the step: a role, the customer or the system."""
    return step.owner.role if step.owner.kind is OwnerKind.ROLE else step.owner.kind.value


def lane_name(lane: str, language: str) -> str:
    """The lane's label; a role that has none shows its key."""
    zh, en = LANE_NAMES.get(lane, (lane, lane))
    return en if language.startswith("en") else zh


def _outcomes(
    drawn: Diagram, definition: Definition, rows: dict[str, Row], step: Step, language: str
) -> None:
    """One arrow on for all outcomes that finish the step, one for each that goes back or to an end."""
    row = rows[step.key]
    if not row.answer:
        return
    done = [_label(outcome, language) for outcome in step.outcomes if outcome.effect is Effect.DONE]
    if done:
        drawn.flow(row.answer, row.merge, " / ".join(done))
    for outcome in step.outcomes:
        name = _label(outcome, language)
        if outcome.effect is Effect.RETURN:
            drawn.flow(row.answer, rows[outcome.target].entry, name)
        elif outcome.effect is Effect.CLOSE:
            status = definition.statuses[outcome.target].in_language(language)
            end = Node(
                f"{step.key}-{outcome.key}-end", Kind.END, status, lane_of(step), row.column, 6, "close"
            )
            drawn.flow(row.answer, drawn.node(end), name)


def _label(outcome: Outcome, language: str) -> str:
    return outcome.title.in_language(language) if outcome.title else outcome.key


def _start(drawn: Diagram, definition: Definition, rows: dict[str, Row]) -> None:
    first = [rows[step.key].first for step in definition.steps if not step.after]
    lane = drawn.nodes[first[0]].lane
    start = drawn.node(Node("start", Kind.START, "", lane, -1, 0))
    if len(first) > 1:
        split = drawn.node(Node("start-split", Kind.PARALLEL, "", lane, -1, 1))
        drawn.flow(start, split)
        start = split
    for node_id in first:
        drawn.flow(start, node_id)


def _end(
    drawn: Diagram,
    definition: Definition,
    rows: dict[str, Row],
    followers: dict[str, list[Step]],
    language: str,
) -> None:
    last = [rows[key].exit for key, behind in followers.items() if not behind]
    column = 1 + max(row.column for row in rows.values())
    lane = drawn.nodes[last[0]].lane
    name = definition.statuses[definition.completes].in_language(language)
    end = drawn.node(Node("end", Kind.END, name, lane, column, 1))
    if len(last) > 1:
        join = drawn.node(Node("end-join", Kind.PARALLEL, "", lane, column, 0))
        drawn.flow(join, end)
        end = join
    for node_id in last:
        drawn.flow(node_id, end)
