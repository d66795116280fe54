"""Reads a nested mapping and collects every problem with its path, instead of stopping at the first.

>>> node = Node({"key": "x", "tilte": 1}, "steps[0]", problems := [])
>>> node.only("key", "title"); [str(problem) for problem in problems]
['steps[0].tilte: unknown key (did you mean title?)']
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from cheqi.core.base.durations import Duration, parse
from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text


@dataclass
class Node:
    """One mapping of the source, where it stands, and the shared list of problems."""

    values: Mapping[str, Any]
    path: str
    problems: list[Problem] = field(default_factory=list)

    def at(self, key: str) -> str:
        """The path of a key of this mapping."""
        return f"{self.path}.{key}" if self.path else key

    def say(self, key: str, zh: str, en: str) -> None:
        """Notes one problem at that key; an empty key means the mapping itself."""
        self.problems.append(Problem(self.at(key) if key else self.path, Text(zh, en)))

    def only(self, *allowed: str) -> None:
        """Every other key is a problem, most often a typing mistake."""
        for key in self.values:
            if key not in allowed:
                near = get_close_matches(str(key), allowed, n=1)
                zh, en = (f"（是 {near[0]} 吗？）", f" (did you mean {near[0]}?)") if near else ("", "")
                self.say(str(key), f"不认识的键{zh}", f"unknown key{en}")

    def text(self, key: str, *, default: str | None = None) -> str:
        """A non-empty string, or `default` where the key is absent."""
        value = self.values.get(key, default)
        if isinstance(value, str) and (value or default == ""):
            return value
        self.say(key, "缺少或不是文字", "is missing or not a text")
        return ""

    def label(self, key: str, *, is_needed: bool = True) -> Text | None:
        """A label in both languages."""
        value = self.values.get(key)
        if value is None and not is_needed:
            return None
        if isinstance(value, Mapping):
            zh, en = value.get("zh"), value.get("en")
            if isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip():
                return Text(zh, en)
        self.say(key, "须有中文和英文（zh、en）", "needs a label in both languages (zh, en)")
        return None

    def whole(self, key: str) -> int:
        """A positive whole number."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.say(key, "须为正整数", "must be a positive whole number")
        return 0

    def duration(self, key: str, value: object) -> Duration | None:
        """A duration such as 4h or 3d."""
        found = parse(value) if isinstance(value, str) else None
        if found is None:
            self.say(
                key,
                f"期限 {value!r} 须写成 4h、3d、10min、1cd、2ch 或 5cmin",
                f"bad duration {value!r}: write it as 4h, 3d, 10min, 1cd, 2ch or 5cmin",
            )
        return found

    def names(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where the key is absent."""
        value = self.values.get(key, ())
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.say(key, "须为名称列表", "must be a list of names")
        return ()

    def mappings(self, key: str) -> Iterator["Node"]:
        """The mappings of a list, each with its path."""
        value = self.values.get(key)
        if not isinstance(value, list | tuple) or not value:
            self.say(key, "须为非空列表", "must be a list that is not empty")
            return
        for place, item in enumerate(value):
            path = f"{self.at(key)}[{place}]"
            if isinstance(item, Mapping):
                yield Node(item, path, self.problems)
            else:
                self.problems.append(Problem(path, Text("须为键值", "must be a mapping")))

    def known(self, key: str, name: str, names: frozenset[str], kind: Text) -> str:
        """The name, and a problem unless it is among `names`."""
        if name not in names:
            near = get_close_matches(name, sorted(names), n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            self.say(key, f"没有{kind.zh} {name}", f"there is no {kind.en} {name}{hint}")
        return name
