"""A process as BPMN 2.0 with its picture, for the tools that auditors and consultants use.

`export(definition)` builds the diagram (`nodes`), places it (`layout`) and writes it (`xml`):

    start → submit → ⊕ → collect → ◇ needs a clerk? → verify → ◇ → … → end
"""

from cheqi.core.process.bpmn.layout import place
from cheqi.core.process.bpmn.nodes import diagram
from cheqi.core.process.bpmn.xml import write
from cheqi.core.process.definition import Definition


def export(definition: Definition, language: str = "zh-hans") -> str:
    """The definition as a BPMN 2.0 XML document with diagram interchange, labels in the language."""
    drawn = diagram(definition, language)
    return write(definition, drawn, place(drawn), language)


__all__ = ["export"]
