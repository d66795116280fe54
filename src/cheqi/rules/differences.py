"""What changed between two versions of a rule pack, in sentences: rules, values, the source.

A rule is the same rule while table and key stay; then it may say or match something else. Worked example:
version 2 of `auto_loan_ltv` leaves new cars to the lender, so `own_use` is new, `own_ice` and `own_nev` go.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cheqi.core.base.text import Text
from cheqi.rules.model import Pack, Row


def differences(before: Pack, after: Pack) -> tuple[Text, ...]:
    """Every difference, rules first; empty where only the dates differ."""
    return (*_rules(before, after), *_values(before, after), *_source(before, after))


def said_by(row: Row) -> Text:
    """A rule in words: its message, or its key where it has none."""
    return row.message or Text(row.key, row.key)


def _rules(before: Pack, after: Pack) -> Iterator[Text]:
    old, new = _rows(before), _rows(after)
    for key, row in new.items():
        if key not in old:
            yield _line("新增", "Added", said_by(row))
        elif _meaning(old[key]) != _meaning(row):
            was, now = said_by(old[key]), said_by(row)
            if was == now:
                yield _line("条件或结果有变", "Matches or decides otherwise", now)
            else:
                yield Text(f"改为：{now.zh}（原：{was.zh}）", f"Now: {now.en} (before: {was.en})")
    for key, row in old.items():
        if key not in new:
            yield _line("取消", "Dropped", said_by(row))


def _values(before: Pack, after: Pack) -> Iterator[Text]:
    old, new = _numbers(before), _numbers(after)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            zh = f"{name}：{_shown(old, name, '无')} → {_shown(new, name, '无')}"
            yield Text(zh, f"{name}: {_shown(old, name, 'none')} → {_shown(new, name, 'none')}")


def _source(before: Pack, after: Pack) -> Iterator[Text]:
    if before.source != after.source:
        yield Text(
            f"依据改为：{after.source.title} {after.source.clause}".strip(),
            f"Now rests on: {after.source.title} {after.source.clause}".strip(),
        )


def _rows(pack: Pack) -> dict[tuple[str, str], Row]:
    return {(table.key, row.key): row for table in pack.decisions.values() for row in table.rows}


def _meaning(row: Row) -> tuple[Any, ...]:
    """What makes a rule another one; cells are compared as they are written."""
    return (sorted((name, str(cell)) for name, cell in row.when.items()), dict(row.then), row.message)


def _numbers(pack: Pack) -> Mapping[str, Any]:
    return dict(pack.parameters) | {
        f"{name} {entry.from_date}": entry.value for name, entries in pack.series.items() for entry in entries
    }


def _shown(values: Mapping[str, Any], name: str, nothing: str) -> str:
    return str(values[name]) if name in values else nothing


def _line(zh: str, en: str, rule: Text) -> Text:
    return Text(f"{zh}：{rule.zh}", f"{en}: {rule.en}")
