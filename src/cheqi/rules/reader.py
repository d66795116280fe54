"""Collects every problem of a source while it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text

E = TypeVar("E", bound=StrEnum)


@dataclass
class Reader:
    """Collects problems while it reads; every `read_…` gives a usable value and goes on."""

    problems: list[Problem] = field(default_factory=list)

    def say(self, path: str, zh: str, en: str) -> None:
        """One more problem."""
        self.problems.append(Problem(path, Text(zh, en)))

    def text(self, value: Any, path: str) -> str:
        """A non-empty text."""
        if isinstance(value, str) and value.strip():
            return value
        self.say(path, "须为文字", "must be a text")
        return "?"

    def label(self, value: Any, path: str) -> Text:
        """A label in both languages."""
        if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
            zh, en = value["zh"], value["en"]
            if isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip():
                return Text(zh, en)
        self.say(path, "须有中英文 zh、en", "needs a text in zh and en")
        return Text("?", "?")

    def whole(self, value: Any, path: str) -> int:
        """A whole number of at least one."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.say(path, "须为不小于1的整数", "must be a whole number of at least 1")
        return 1

    def day(self, value: Any, path: str) -> date:
        """A date, written 2026-11-01."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.say(path, "须为日期,如 2026-11-01", "must be a date such as 2026-11-01")
        return date.min

    def one_of(self, value: Any, kinds: type[E], path: str) -> E:
        """A member of an enum by its value."""
        members = list(kinds)
        if value in [member.value for member in members]:
            return kinds(value)
        allowed = ", ".join(member.value for member in members)
        self.say(path, f"须为 {allowed} 之一", f"must be one of {allowed}")
        return members[0]

    def mapping(self, value: Any, path: str) -> Mapping[str, Any]:
        """A mapping with names as keys; absent is empty."""
        if value is None:
            return {}
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return value
        self.say(path, "须为名称与值的对应", "must map names to values")
        return {}

    def rows(self, value: Any, path: str) -> list[Any]:
        """A list; absent is empty."""
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.say(path, "须为列表", "must be a list")
        return []

    def unknown(self, given: Mapping[str, Any], known: frozenset[str], path: str) -> None:
        """Names that nobody reads are mistakes."""
        for name in sorted(set(given) - known):
            where = f"{path}.{name}" if path else name
            self.say(where, "未知的字段", "is not a known field")
