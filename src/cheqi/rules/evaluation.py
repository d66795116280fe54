"""Asks a pack's decision table, and says which row decided and by which clause.

The engine only finds the rows that match; values stay the exact ones of the pack. Inputs go to it as
JSON text with plain numbers, so no amount or rate passes through a binary float on our side.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import zen

from cheqi.core.base.text import Text
from cheqi.rules.cells import as_test, fits, plain_number
from cheqi.rules.model import Decision, DecisionTable, Hit, Pack, Row, Scalar


class WrongInputs(ValueError):
    """The caller did not give what the table asks for: a broken assumption, not a person's mistake."""


def evaluate(pack: Pack, inputs: Mapping[str, Scalar], *, decision: str = "") -> Decision:
    """The decision of the first row that matches. `decision` may be left out where the pack has one table.

    Raises WrongInputs for missing, unknown or unfit inputs, KeyError for an unknown table, ValueError
    for a table that collects.
    """
    table = _table_of(pack, decision)
    if table.hit is not Hit.FIRST:
        raise ValueError(f"{table.key} collects: ask evaluate_all")
    row = table.rows[_matching(table, inputs)[0]]
    return _decision(pack, table, row)


def evaluate_all(pack: Pack, inputs: Mapping[str, Scalar], *, decision: str = "") -> tuple[Decision, ...]:
    """The decisions of every row that matches, in the pack's order; one for a table of first hits."""
    table = _table_of(pack, decision)
    return tuple(_decision(pack, table, table.rows[index]) for index in _matching(table, inputs))


def _table_of(pack: Pack, decision: str) -> DecisionTable:
    if not decision and len(pack.decisions) == 1:
        return next(iter(pack.decisions.values()))
    return pack.decisions[decision]


def _decision(pack: Pack, table: DecisionTable, row: Row) -> Decision:
    clause = row.clause or pack.source.clause
    return Decision(
        value=row.then,
        rule=f"{pack.name}.{table.key}.{row.key}",
        clause=f"{pack.source.title} {clause}",
        explanation=row.message or table.title,
    )


def _matching(table: DecisionTable, inputs: Mapping[str, Scalar]) -> list[int]:
    """The indexes of the rows that match."""
    columns = {column.name: column for column in table.inputs}
    wrong = sorted(set(inputs) - set(columns))
    wrong += [name for name, column in columns.items() if not fits(inputs.get(name), column)]
    if wrong:
        given = {name: inputs.get(name) for name in wrong}
        raise WrongInputs(f"{table.key} cannot be asked with {given}")
    result = _compiled(_content(table)).evaluate(_context(inputs))["result"]
    found: list[dict[str, int]] = result if isinstance(result, list) else [result]
    return sorted(int(hit["row"]) for hit in found if hit)


def _context(inputs: Mapping[str, Scalar]) -> str:
    """JSON with numbers as they are written."""
    parts = (f"{json.dumps(name)}:{_json(value)}" for name, value in inputs.items())
    return "{" + ",".join(parts) + "}"


def _json(value: Scalar) -> str:
    return plain_number(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=256)
def _compiled(content: str) -> Any:
    decision = zen.ZenEngine().create_decision(content)
    decision.validate()
    return decision


def _content(table: DecisionTable) -> str:
    """The table in the engine's form: an input, the table, an output, and what joins them."""
    fields = [
        {"id": f"i{at}", "name": column.name, "field": column.name} for at, column in enumerate(table.inputs)
    ]
    rules = [{"_id": str(at), "o": str(at), **_cells(table, row)} for at, row in enumerate(table.rows)]
    content = {
        "hitPolicy": table.hit.value.lower(),
        "inputs": fields,
        "outputs": [{"id": "o", "name": "row", "field": "row"}],
        "rules": rules,
    }
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": place, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False)


def _cells(table: DecisionTable, row: Row) -> dict[str, str]:
    return {
        f"i{at}": as_test(row.when[column.name], column) or ""
        for at, column in enumerate(table.inputs)
        if column.name in row.when
    }


def as_text(decision: Decision) -> Text:
    """The sentence of a decision with its clause, for a refusal or a record."""
    return Text(
        f"{decision.explanation.zh}({decision.clause})", f"{decision.explanation.en} ({decision.clause})"
    )
