"""Reads YAML strictly: numbers with a point are exact decimals, a key comes once, nothing refers elsewhere.

>>> read_yaml("rate: 0.1\\non: no")
{'rate': Decimal('0.1'), 'on': 'no'}
"""

import re
from collections.abc import Hashable
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import yaml

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text

LARGEST_SOURCE = 256 * 1024


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases and binary floats; only `true` and `false` are truth values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuses aliases: a pack says what it says where it says it."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(problem="aliases are not used in packs")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 (the loader's own signature)
        """Refuses a key that comes twice."""
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key} comes twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    """A number with a point, exactly as it was written."""
    text = str(loader.construct_scalar(node))
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        raise yaml.constructor.ConstructorError(problem=f"{text} is not a number") from None


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0] != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("true|false"), ["t", "f"])


def read_yaml(source: str) -> Any | tuple[Problem, ...]:
    """The plain data of a YAML text, or why it cannot be read and where.

    A text read before is not parsed again (a tenth of a second for a process); the data is the caller's own.
    """
    if len(source) > LARGEST_SOURCE:
        return (Problem("", Text("规则包过大", "the pack is too large")),)
    return deepcopy(_read(source))


@lru_cache(maxsize=32)
def _read(source: str) -> Any | tuple[Problem, ...]:
    try:
        return yaml.load(source, _Loader)  # noqa: S506 (a safe loader, made stricter)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}" if mark else ""
        return (
            Problem(where, Text(f"YAML 无法读取:{error.problem}", f"not readable as YAML: {error.problem}")),
        )
    except (yaml.YAMLError, ValueError) as error:
        return (Problem("", Text(f"YAML 无法读取:{error}", f"not readable as YAML: {error}")),)
