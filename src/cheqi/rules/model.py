"""What a rule pack is: dated data with a source, parameters, decision tables and test cases.

A pack never contains code. A decision table's rows say what they match (`when`), what follows (`then`),
the clause, and the sentence that a person reads when the row decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cheqi.core.base.text import Text

Scalar = bool | int | Decimal | str | None


class PackKind(StrEnum):
    """Who sets the rules of a pack."""

    LAW = "LAW"
    REGION = "REGION"
    HOUSE = "HOUSE"


class ValueKind(StrEnum):
    """What an input or output holds. Numbers are whole numbers or exact decimals."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"


class Hit(StrEnum):
    """FIRST: the first row that matches decides. COLLECT: every row that matches counts."""

    FIRST = "FIRST"
    COLLECT = "COLLECT"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rule comes from, as a person would cite it; never an address."""

    title: str
    clause: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output of a table; `values` are the only ones a text may have, empty for any."""

    name: str
    kind: ValueKind
    values: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: its key, the cells it matches by, and what follows."""

    key: str
    when: Mapping[str, Any]
    then: Mapping[str, Scalar]
    clause: str = ""
    message: Text | None = None


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The rows that decide one question, in order."""

    key: str
    title: Text
    hit: Hit
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value that counts from a day on, until the next one of the same name."""

    from_date: date
    value: Scalar


@dataclass(frozen=True, slots=True)
class Case:
    """A test that travels with its pack: which rows (or which value) the given inputs lead to."""

    name: str
    decision: str = ""
    given: Mapping[str, Scalar] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    expect: Mapping[str, Scalar] = field(default_factory=dict)
    parameter: str = ""
    on: date | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a rule pack, checked. `text` is its source as it was loaded."""

    name: str
    kind: PackKind
    version: int
    effective_from: date
    title: Text
    source: Source
    parameters: Mapping[str, Any]
    series: Mapping[str, tuple[DatedValue, ...]]
    decisions: Mapping[str, DecisionTable]
    cases: tuple[Case, ...]
    text: str = field(repr=False, default="")

    def value(self, name: str, on: date) -> Any:
        """A parameter, or the value of a series that counts on a day. Raises KeyError where there is none."""
        if name not in self.series:
            return self.parameters[name]
        counting = [entry for entry in self.series[name] if entry.from_date <= on]
        if not counting:
            raise KeyError(f"{self.name}.{name} has no value yet on {on}")
        return counting[-1].value


@dataclass(frozen=True, slots=True)
class Decision:
    """What a row decided, and why: `rule` is `pack.table.row`, `clause` its citation."""

    value: Mapping[str, Scalar]
    rule: str
    clause: str
    explanation: Text
