"""Templates as data: what we say, in Chinese and in English, with their variables declared.

Each file of `templates/messages` is one template. `text` is for inbox and mail, `short` for a short
message. A variable that is used but not declared, or declared and not used, is found when the file is loaded.

>>> render(catalogue()["one_time_code"], {"code": "246810", "minutes": 5, "purpose": "登录"}, "zh").short
'验证码 246810，5 分钟内有效，用于登录。请勿告诉任何人，包括工作人员。'
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.contact.contact import Channel, Purpose
from cheqi.core.events.values import spoken
from cheqi.rules.reading import read_yaml

Value = str | int | Text
HIDDEN = "******"
LONGEST_SHORT = 300
FIELDS = frozenset(
    {"key", "version", "title", "purpose", "channels", "variables", "secret", "valid_minutes", "subject"}
    | {"text", "short"}
)


class BrokenTemplates(RuntimeError):
    """A template that comes with Cheqi does not load."""


class WrongVariables(ValueError):
    """The caller's data are not what the template declares."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `secret` variables are hidden as soon as the message has left."""

    key: str
    version: int
    title: Text
    purpose: Purpose
    channels: tuple[Channel, ...]
    variables: frozenset[str]
    secret: frozenset[str]
    valid_minutes: int
    subject: Text
    text: Text
    short: Text


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is said. Stays out of logs."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    short: str = field(repr=False)


def render(template: Template, data: Mapping[str, Value], language: str) -> Rendered:
    """The message in a language. Raises WrongVariables unless exactly the declared ones are given."""
    if differing := sorted(template.variables ^ set(data)):
        raise WrongVariables(f"{template.key}: {', '.join(differing)}")
    words = {name: _word(name, value, language) for name, value in data.items()}
    return Rendered(
        *(
            part.in_language(language).format(**words)
            for part in (template.subject, template.text, template.short)
        )
    )


def to_json(data: Mapping[str, Value]) -> str:
    """The data as they are kept."""
    plain = {
        name: {"zh": value.zh, "en": value.en} if isinstance(value, Text) else value
        for name, value in data.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> dict[str, Value]:
    """The data again."""
    return {
        name: Text(**value) if isinstance(value, dict) else value for name, value in json.loads(text).items()
    }


def without_secrets(template: Template, data: Mapping[str, Value]) -> dict[str, Value]:
    """The data with the secret values hidden."""
    return {name: HIDDEN if name in template.secret else value for name, value in data.items()}


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Template]:
    """Every template by its key. Raises BrokenTemplates with all problems of all files."""
    found: dict[str, Template] = {}
    problems: list[str] = []
    folder = resources.files("cheqi.foundation.messages") / "templates" / "messages"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        loaded = load(file.read_text(encoding="utf-8"))
        if isinstance(loaded, Template) and f"{loaded.key}.yaml" == file.name:
            found[loaded.key] = loaded
        elif isinstance(loaded, Template):
            problems.append(f"{file.name}: holds {loaded.key}")
        else:
            problems += [f"{file.name}: {problem}" for problem in loaded]
    if problems:
        raise BrokenTemplates("; ".join(problems))
    return found


def load(source: str) -> Template | tuple[Problem, ...]:
    """The template in a YAML text, or every problem of it."""
    data = read_yaml(source)
    if isinstance(data, tuple):
        return data
    reader = _Reader(data if isinstance(data, Mapping) else {})
    template = reader.template()
    return tuple(reader.problems) or template


def _word(name: str, value: Value, language: str) -> str:
    return value.in_language(language) if isinstance(value, Text) else spoken(name, value)


@dataclass
class _Reader:
    data: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def say(self, path: str, zh: str, en: str) -> None:
        self.problems.append(Problem(path, Text(zh, en)))

    def template(self) -> Template:
        for name in sorted(set(self.data) - FIELDS):
            self.say(name, "不是模板的字段", "is no field of a template")
        variables, secret = self.names("variables"), self.names("secret")
        channels = tuple(Channel(name) for name in self.members("channels", Channel))
        texts = {name: self.label(name, variables) for name in ("title", "subject", "text")}
        short = self.label("short", variables) if "short" in self.data else texts["subject"]
        self.check_variables(variables, secret)
        if Channel.SMS in channels and "short" not in self.data:
            self.say("short", "短信须有短文本", "a short message needs its text")
        for language in (short.zh, short.en):
            if len(language) > LONGEST_SHORT:
                self.say("short", "短信过长", "is too long for a short message")
        purpose = next(iter(self.members("purpose", Purpose)), Purpose.SERVICE)
        return Template(
            key=self.text("key"),
            version=self.whole("version", 1),
            title=texts["title"],
            purpose=Purpose(purpose),
            channels=channels,
            variables=variables,
            secret=secret,
            valid_minutes=self.whole("valid_minutes", 0),
            subject=texts["subject"],
            text=texts["text"],
            short=short,
        )

    def check_variables(self, variables: frozenset[str], secret: frozenset[str]) -> None:
        used: set[str] = set()
        for name in ("subject", "text", "short"):
            given = self.data.get(name)
            for language in given.values() if isinstance(given, Mapping) else ():
                used |= _places(str(language)) or set()
        for name in sorted(variables - used):
            self.say(f"variables.{name}", "声明了但没有使用", "is declared and not used")
        for name in sorted(secret - variables):
            self.say(f"secret.{name}", "没有这个变量", "is no variable")

    def label(self, name: str, variables: frozenset[str]) -> Text:
        given = self.data.get(name)
        try:
            label = Text(str(given["zh"]).strip(), str(given["en"]).strip())  # type: ignore[index]
        except (TypeError, KeyError, ValueError):
            self.say(name, "须有中英文", "needs zh and en")
            return Text("—", "—")
        for language, text in (("zh", label.zh), ("en", label.en)):
            places = _places(text)
            if places is None:
                self.say(f"{name}.{language}", "花括号不成对", "has a brace without its partner")
            for place in sorted((places or set()) - variables):
                self.say(
                    f"{name}.{language}", f"变量 {place} 没有声明", f"uses {place}, which is not declared"
                )
        return label

    def names(self, name: str) -> frozenset[str]:
        given = self.data.get(name, [])
        if isinstance(given, list) and all(isinstance(each, str) and each.isidentifier() for each in given):
            return frozenset(given)
        self.say(name, "须为变量名列表", "must be a list of names")
        return frozenset()

    def members(self, name: str, kind: type[Channel] | type[Purpose]) -> tuple[str, ...]:
        given = self.data.get(name)
        names = given if isinstance(given, list) else [given]
        known = {member.value for member in kind}
        if not names or any(each not in known for each in names):
            self.say(name, f"须为 {'、'.join(sorted(known))} 之一", f"must be of {', '.join(sorted(known))}")
        return tuple(each for each in names if each in known)

    def text(self, name: str) -> str:
        given = self.data.get(name)
        if not isinstance(given, str) or not given:
            self.say(name, "须填写", "is missing")
        return str(given)

    def whole(self, name: str, least: int) -> int:
        given = self.data.get(name, 0)
        if isinstance(given, int) and not isinstance(given, bool) and given >= least:
            return given
        self.say(name, f"须为不小于 {least} 的整数", f"must be a whole number from {least}")
        return least


def _places(text: str) -> set[str] | None:
    """The variables of a text; None where its braces do not fit."""
    try:
        return {place for _, place, _, _ in Formatter().parse(text) if place is not None}
    except ValueError:
        return None
