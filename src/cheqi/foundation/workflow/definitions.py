"""The definitions that live cases are pinned to. A published one never changes, so it is loaded once."""

from collections.abc import Iterable
from datetime import date

import msgspec

from cheqi.core.base.problems import Problem
from cheqi.core.process.definition import Definition
from cheqi.core.process.loading import load
from cheqi.foundation.workflow.models import Case, DefinitionRow
from cheqi.foundation.workflow.registry import catalogue

_loaded: dict[str, Definition] = {}


class UnableToLoadDefinition(RuntimeError):
    """A published definition names something that this code no longer has."""


def definition_of(row: DefinitionRow) -> Definition:
    """The definition of a row. Raises UnableToLoadDefinition with every problem."""
    found = _loaded.get(row.content_hash)
    return found or _remember(row)


def by_hash(content_hash: str) -> Definition:
    """The published definition with that content. Raises UnableToLoadDefinition, DoesNotExist."""
    found = _loaded.get(content_hash)
    return found or _remember(DefinitionRow.objects.get(content_hash=content_hash))


def by_hashes(content_hashes: Iterable[str]) -> dict[str, Definition]:
    """Several published definitions; one statement for those that were not loaded yet."""
    wanted = set(content_hashes)
    if missing := wanted - _loaded.keys():
        for row in DefinitionRow.objects.filter(content_hash__in=missing):
            _remember(row)
    return {each: _loaded[each] for each in wanted if each in _loaded}


def definition_of_case(case_id: int) -> Definition | None:
    """The definition that a case is pinned to, or None without the case; one statement. Titles are public."""
    found = Case.objects.filter(pk=case_id).values_list("definition__content_hash", flat=True).first()
    return by_hash(found) if found else None


def in_force(process: str, on: date) -> DefinitionRow | None:
    """The version of a process that new cases take on that day."""
    rows = DefinitionRow.objects.filter(process=process, effective_from__lte=on)
    return rows.order_by("-effective_from", "-version").first()


def _remember(row: DefinitionRow) -> Definition:
    loaded = load(msgspec.json.decode(row.source), catalogue())
    if isinstance(loaded, tuple):
        raise UnableToLoadDefinition(f"{row}: {told(loaded)}")
    _loaded[row.content_hash] = loaded
    return loaded


def told(problems: tuple[Problem, ...]) -> str:
    """All problems in one line."""
    return "; ".join(map(str, problems))
