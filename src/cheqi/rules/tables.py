"""Reads decision tables and cases, and says everything that is wrong with them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from cheqi.rules.cells import as_test, fits
from cheqi.rules.model import Case, Column, DecisionTable, Hit, Row, ValueKind
from cheqi.rules.reader import Reader

MOST_ROWS = 500
_TABLE = frozenset({"key", "title", "hit", "inputs", "outputs", "rows"})
_ROW = frozenset({"key", "when", "then", "clause", "message"})
_COLUMN = frozenset({"kind", "values", "optional"})
_CASE = frozenset({"name", "decision", "given", "rows", "expect", "parameter", "on", "value"})


def read_decisions(reader: Reader, value: Any) -> dict[str, DecisionTable]:
    """The tables of a pack by their keys."""
    tables = {}
    for index, entry in enumerate(reader.rows(value, "decisions")):
        path = f"decisions[{index}]"
        table = _table(reader, reader.mapping(entry, path), path)
        if table.key in tables:
            reader.say(f"{path}.key", f"{table.key} 重复", f"{table.key} comes twice")
        tables[table.key] = table
    return tables


def _table(reader: Reader, given: Mapping[str, Any], path: str) -> DecisionTable:
    reader.unknown(given, _TABLE, path)
    inputs = _columns(reader, given.get("inputs"), f"{path}.inputs")
    outputs = _columns(reader, given.get("outputs"), f"{path}.outputs")
    entries = reader.rows(given.get("rows"), f"{path}.rows")
    rows = tuple(
        _row(reader, reader.mapping(entry, f"{path}.rows[{at}]"), f"{path}.rows[{at}]", (inputs, outputs))
        for at, entry in enumerate(entries[:MOST_ROWS])
    )
    if not rows or len(entries) > MOST_ROWS:
        reader.say(f"{path}.rows", f"须有1至{MOST_ROWS}行", f"needs 1 to {MOST_ROWS} rows")
    for key, count in Counter(row.key for row in rows).items():
        if count > 1:
            reader.say(f"{path}.rows", f"行 {key} 重复", f"the row {key} comes twice")
    hit = reader.one_of(given.get("hit", "FIRST"), Hit, f"{path}.hit")
    if hit is Hit.FIRST and rows and rows[-1].when:
        reader.say(f"{path}.rows", "最后一行须无条件", "the last row must match everything")
    return DecisionTable(
        key=reader.text(given.get("key"), f"{path}.key"),
        title=reader.label(given.get("title"), f"{path}.title"),
        hit=hit,
        inputs=inputs,
        outputs=outputs,
        rows=rows,
    )


def _columns(reader: Reader, value: Any, path: str) -> tuple[Column, ...]:
    columns = []
    for name, spec in reader.mapping(value, path).items():
        given = reader.mapping(spec, f"{path}.{name}")
        reader.unknown(given, _COLUMN, f"{path}.{name}")
        kind = reader.one_of(given.get("kind"), ValueKind, f"{path}.{name}.kind")
        values = reader.rows(given.get("values"), f"{path}.{name}.values")
        columns.append(Column(name, kind, tuple(map(str, values)), given.get("optional") is True))
    return tuple(columns)


def _row(
    reader: Reader,
    given: Mapping[str, Any],
    path: str,
    columns: tuple[tuple[Column, ...], tuple[Column, ...]],
) -> Row:
    reader.unknown(given, _ROW, path)
    inputs, outputs = ({column.name: column for column in part} for part in columns)
    when = reader.mapping(given.get("when"), f"{path}.when")
    for name, cell in when.items():
        if name not in inputs:
            reader.say(f"{path}.when.{name}", "不是该表的输入", "is not an input of the table")
        elif as_test(cell, inputs[name]) is None:
            reader.say(f"{path}.when.{name}", f"条件 {cell} 不成立", f"cannot be {cell!r}")
    then = reader.mapping(given.get("then"), f"{path}.then")
    for name, column in outputs.items():
        if not fits(then.get(name), column):
            reader.say(f"{path}.then.{name}", "缺失或类型不符", "is missing or of another kind")
    reader.unknown(then, frozenset(outputs), f"{path}.then")
    clause = given.get("clause", "")
    return Row(
        key=reader.text(given.get("key"), f"{path}.key"),
        when=dict(when),
        then={name: then.get(name) for name in outputs},
        clause=str(clause),
        message=reader.label(given["message"], f"{path}.message") if "message" in given else None,
    )


def read_cases(reader: Reader, value: Any, tables: Mapping[str, DecisionTable]) -> tuple[Case, ...]:
    """The cases of a pack; each asks one table or one parameter."""
    return tuple(
        _case(reader, reader.mapping(entry, f"cases[{index}]"), f"cases[{index}]", tables)
        for index, entry in enumerate(reader.rows(value, "cases"))
    )


def _case(reader: Reader, given: Mapping[str, Any], path: str, tables: Mapping[str, DecisionTable]) -> Case:
    reader.unknown(given, _CASE, path)
    decision, parameter = str(given.get("decision", "")), str(given.get("parameter", ""))
    if bool(decision) == bool(parameter):
        reader.say(path, "须写 decision 或 parameter 之一", "asks either a decision or a parameter")
    rows = tuple(map(str, reader.rows(given.get("rows"), f"{path}.rows")))
    if decision:
        table = tables.get(decision)
        known = {row.key for row in table.rows} if table else set()
        for name in sorted({decision} - set(tables)) + sorted(set(rows) - known if table else ()):
            reader.say(path, f"没有 {name}", f"there is no {name}")
        if "rows" not in given:
            reader.say(f"{path}.rows", "须写出命中的行", "names the rows that match")
    on = given.get("on")
    return Case(
        name=reader.text(given.get("name"), f"{path}.name"),
        decision=decision,
        given=dict(reader.mapping(given.get("given"), f"{path}.given")),
        rows=rows,
        expect=dict(reader.mapping(given.get("expect"), f"{path}.expect")),
        parameter=parameter,
        on=on if isinstance(on, date) else None,
        value=given.get("value"),
    )
