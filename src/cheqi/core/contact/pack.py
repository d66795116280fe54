"""The rules of contact as data: quiet hours, caps a day, and what an opt-out binds.

A rule names the purposes and channels that it binds, its source, and whether somebody has read the official
text. `read` checks the `parameters` of a rule pack and names all mistakes at once:

>>> found = read({"timezone": "Asia/Shanghai", "rules": []}, name="p", version=1)
>>> [str(problem) for problem in found]
['rules: a contact pack needs rules']
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.contact.contact import Channel, ContactResult, Purpose

E = TypeVar("E", bound=StrEnum)


class RuleKind(StrEnum):
    """The three kinds of rule that the gate knows."""

    QUIET_HOURS = "QUIET_HOURS"
    CAP_PER_DAY = "CAP_PER_DAY"
    OPT_OUT = "OPT_OUT"


@dataclass(frozen=True, slots=True)
class ContactRule:
    """One rule. `per_point` counts a cap for each number alone; `counts` are the results that count."""

    key: str
    kind: RuleKind
    purposes: frozenset[Purpose]
    channels: frozenset[Channel]
    message: Text
    clause: str
    is_verified: bool
    starts: time = time(0)
    ends: time = time(0)
    limit: int = 0
    counts: frozenset[ContactResult] = frozenset()
    per_point: bool = False

    def binds(self, purpose: Purpose, channel: Channel) -> bool:
        """Whether the rule is about such a contact."""
        return purpose in self.purposes and channel in self.channels


@dataclass(frozen=True, slots=True)
class ContactPack:
    """The rules in force. `name` and `version` go on record with every decision."""

    name: str
    timezone: str
    rules: tuple[ContactRule, ...]

    def joined_with(self, other: "ContactPack") -> "ContactPack":
        """Both packs' rules together. Raises ValueError where their days begin at different times."""
        if self.timezone != other.timezone:
            raise ValueError(f"{self.name} counts days in {self.timezone}, {other.name} in {other.timezone}")
        return ContactPack(f"{self.name}+{other.name}", self.timezone, self.rules + other.rules)


def read(parameters: Mapping[str, Any], *, name: str, version: int) -> ContactPack | tuple[Problem, ...]:
    """The pack in a rule pack's parameters, or every problem of it."""
    reader = _Reader()
    zone = reader.zone(parameters.get("timezone"))
    given = parameters.get("rules")
    if not isinstance(given, list) or not given:
        reader.say("rules", "须至少有一条规则", "a contact pack needs rules")
        given = []
    rules = tuple(reader.rule(item, f"rules[{place}]") for place, item in enumerate(given))
    for key in sorted({rule.key for rule in rules if sum(rule.key == other.key for other in rules) > 1}):
        reader.say("rules", f"规则 {key} 重复", f"the rule {key} comes twice")
    return tuple(reader.problems) or ContactPack(f"{name} v{version}", zone, rules)


FIELDS = {
    RuleKind.QUIET_HOURS: {"from", "to"},
    RuleKind.CAP_PER_DAY: {"limit", "counts", "per_point"},
    RuleKind.OPT_OUT: set(),
}
COMMON = {"key", "kind", "purposes", "channels", "message", "clause", "verified"}


@dataclass
class _Reader:
    problems: list[Problem] = field(default_factory=list)

    def say(self, path: str, zh: str, en: str) -> None:
        self.problems.append(Problem(path, Text(zh, en)))

    def zone(self, name: Any) -> str:
        try:
            return ZoneInfo(str(name)).key
        except (ZoneInfoNotFoundError, ValueError):
            self.say("timezone", f"没有时区 {name}", f"there is no time zone {name}")
            return "UTC"

    def rule(self, given: Any, path: str) -> ContactRule:
        item: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        kind = next(iter(self.members([item.get("kind")], RuleKind, f"{path}.kind")), RuleKind.OPT_OUT)
        for name in sorted(set(item) - COMMON - FIELDS[kind]):
            self.say(f"{path}.{name}", "不是该类规则的字段", f"is no field of {kind}")
        for name in ("key", "clause"):
            if not isinstance(item.get(name), str) or not item[name]:
                self.say(f"{path}.{name}", "须填写", "is missing")
        if not isinstance(item.get("verified"), bool):
            self.say(f"{path}.verified", "须为 true 或 false", "must be true or false")
        return ContactRule(
            key=str(item.get("key")),
            kind=kind,
            purposes=self.members(item.get("purposes"), Purpose, f"{path}.purposes"),
            channels=self.members(item.get("channels"), Channel, f"{path}.channels"),
            message=self.label(item.get("message"), f"{path}.message"),
            clause=str(item.get("clause")),
            is_verified=item.get("verified") is True,
            **self.details(kind, item, path),
        )

    def details(self, kind: RuleKind, item: Mapping[str, Any], path: str) -> dict[str, Any]:
        """What only one kind of rule has."""
        if kind is RuleKind.QUIET_HOURS:
            return {
                "starts": self.clock(item.get("from"), f"{path}.from"),
                "ends": self.clock(item.get("to"), f"{path}.to"),
            }
        if kind is RuleKind.CAP_PER_DAY:
            limit = item.get("limit")
            if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
                self.say(f"{path}.limit", "须为正整数", "must be a whole number above zero")
                limit = 1
            counts = self.members(item.get("counts"), ContactResult, f"{path}.counts")
            return {"limit": limit, "counts": counts, "per_point": item.get("per_point") is True}
        return {}

    def members(self, given: Any, kind: type[E], path: str) -> frozenset[E]:
        known = {member.value: member for member in kind}
        names = given if isinstance(given, list) and given else [None]
        wrong = [name for name in names if name not in known]
        if wrong:
            self.say(path, f"须为 {'、'.join(known)} 之一", f"must be of {', '.join(known)}")
        return frozenset(known[name] for name in names if name in known)

    def clock(self, given: Any, path: str) -> time:
        try:
            return time.fromisoformat(str(given))
        except ValueError:
            self.say(path, "须为时刻，如 22:00", "must be a time of day such as 22:00")
            return time(0)

    def label(self, given: Any, path: str) -> Text:
        try:
            return Text(str(given["zh"]), str(given["en"]))
        except (TypeError, KeyError, ValueError):
            self.say(path, "须有中英文说明", "needs zh and en")
            return Text("—", "—")
