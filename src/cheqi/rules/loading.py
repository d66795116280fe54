"""From YAML to a checked `Pack`, or every problem of it at once."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.rules.model import DatedValue, Pack, PackKind, Source
from cheqi.rules.reader import Reader
from cheqi.rules.reading import read_yaml
from cheqi.rules.tables import read_cases, read_decisions

KNOWN = frozenset(
    {
        "pack",
        "kind",
        "version",
        "effective_from",
        "title",
        "source",
        "parameters",
        "series",
        "decisions",
        "cases",
    }
)


def load_pack(source: str) -> Pack | tuple[Problem, ...]:
    """The pack in a YAML text, or all its problems. Its cases are not run here: see `rules.run_cases`."""
    data = read_yaml(source)
    if isinstance(data, tuple):
        return data
    if not isinstance(data, Mapping):
        return (Problem("", Text("规则包须为名称与值的对应", "a pack maps names to values")),)
    reader = Reader()
    reader.unknown(data, KNOWN, "")
    decisions = read_decisions(reader, data.get("decisions"))
    pack = Pack(
        name=reader.text(data.get("pack"), "pack"),
        kind=reader.one_of(data.get("kind"), PackKind, "kind"),
        version=reader.whole(data.get("version"), "version"),
        effective_from=reader.day(data.get("effective_from"), "effective_from"),
        title=reader.label(data.get("title"), "title"),
        source=_source(reader, data.get("source")),
        parameters=_parameters(reader, data.get("parameters")),
        series=_series(reader, data.get("series")),
        decisions=decisions,
        cases=read_cases(reader, data.get("cases"), decisions),
        text=source,
    )
    _cross_check(reader, pack)
    return tuple(reader.problems) or pack


def _source(reader: Reader, value: Any) -> Source:
    given = reader.mapping(value, "source")
    reader.unknown(given, frozenset({"title", "clause", "citation"}), "source")
    for name, text in given.items():
        if isinstance(text, str) and "://" in text:
            reader.say(f"source.{name}", "来源不写网址", "a source is cited without an address")
    citation = given.get("citation", "")
    return Source(
        reader.text(given.get("title"), "source.title"),
        reader.text(given.get("clause"), "source.clause"),
        citation if isinstance(citation, str) else reader.text(citation, "source.citation"),
    )


def _parameters(reader: Reader, value: Any) -> Mapping[str, Any]:
    given = reader.mapping(value, "parameters")
    for name, parameter in given.items():
        if not _is_plain(parameter):
            reader.say(f"parameters.{name}", "须为普通数据", "must be plain data")
    return dict(given)


def _is_plain(value: Any) -> bool:
    """Scalars, dates, and lists and maps of them."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, Mapping):
        return all(isinstance(key, str) for key in value) and all(map(_is_plain, value.values()))
    return isinstance(value, bool | int | Decimal | str | date) and not isinstance(value, datetime)


def _series(reader: Reader, value: Any) -> dict[str, tuple[DatedValue, ...]]:
    found = {}
    for name, entries in reader.mapping(value, "series").items():
        path, values = f"series.{name}", []
        for index, entry in enumerate(reader.rows(entries, path)):
            given = reader.mapping(entry, f"{path}[{index}]")
            reader.unknown(given, frozenset({"from", "value"}), f"{path}[{index}]")
            day = reader.day(given.get("from"), f"{path}[{index}].from")
            if not isinstance(given.get("value"), bool | int | Decimal | str):
                reader.say(f"{path}[{index}].value", "须有一个值", "needs a value")
            values.append(DatedValue(day, given.get("value")))
        days = [entry.from_date for entry in values]
        if not days or days != sorted(set(days)):
            reader.say(path, "日期须由早到晚且不重复", "needs dates in order, each once")
        found[name] = tuple(values)
    return found


def _cross_check(reader: Reader, pack: Pack) -> None:
    """What only the whole shows: names used twice, a pack without tests."""
    for name in sorted(set(pack.parameters) & set(pack.series)):
        reader.say(f"series.{name}", "与参数同名", "has the name of a parameter")
    for index, case in enumerate(pack.cases):
        if case.parameter and case.parameter not in {*pack.parameters, *pack.series}:
            reader.say(
                f"cases[{index}].parameter", f"没有参数 {case.parameter}", f"there is no {case.parameter}"
            )
    if not pack.cases:
        reader.say("cases", "规则包须自带测试案例", "a pack comes with its test cases")
