"""Every entry of the log can be asked for by its kind."""

import pkgutil
from importlib import import_module

from cheqi.core import events
from cheqi.core.events.base import REGISTRY
from cheqi.web.desk.audit_kinds import KINDS, kind_of, types_of


def _known() -> dict[str, object]:
    for each in pkgutil.iter_modules(events.__path__):
        if each.name != "tests":
            import_module(f"{events.__name__}.{each.name}")
    return {name: of for name, of in REGISTRY.items() if ".tests." not in of.__module__}


def test_every_type_of_event_is_of_some_kind() -> None:
    assert [name for name in _known() if kind_of(name) is None] == []


def test_every_kind_names_only_types_that_there_are() -> None:
    named = {each for kind in KINDS for each in kind.types}
    topics = {f"{each.partition('.')[0]}." for each in _known()}
    assert named - topics - _known().keys() == set()


def test_a_refused_log_in_is_a_log_in_and_a_refusal() -> None:
    known = _known()
    assert "access.log_in_failed" in types_of("log-in", known)
    assert "access.log_in_failed" in types_of("refused", known)
    found = kind_of("access.log_in_failed")
    assert found is not None
    assert found.key == "log-in"


def test_a_kind_that_is_not_there_has_no_types() -> None:
    assert types_of("secrets", _known()) == ()
