"""Collects the strings to translate from Python and templates, without gettext's programs.

Python is read as syntax: calls of `_`, `gettext`, `gettext_lazy`, `ngettext`, `pgettext` and their kin with
literal arguments. A template is first turned into such calls by Django itself (`templatize`), so both
`{% translate %}` and `{% blocktranslate %}` follow Django's own rules.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from django.template.exceptions import TemplateSyntaxError
from django.utils.translation.template import templatize

from cheqi.locale.catalogue import Entry

PACKAGE = Path(__file__).resolve().parent.parent
SKIPPED = {"tests", "migrations", "static", "assets", "node_modules"}
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL_WITH_CONTEXT = {"npgettext", "npgettext_lazy"}
TEMPLATE_CALL = re.compile(
    r"\b(_|gettext|ngettext|pgettext|npgettext)"
    r"\(\s*(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?:\s*,\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))*)"
)


class UnableToExtract(Exception):
    """A file whose strings cannot be read; the message names it."""


def _entry(name: str, texts: list[str], place: str) -> Entry | None:
    needed = 1 + (name in PLURAL) + (name in WITH_CONTEXT) + 2 * (name in PLURAL_WITH_CONTEXT)
    if len(texts) < needed or not texts[0]:
        return None
    if name in PLAIN:
        return Entry(texts[0], (), places=(place,))
    if name in PLURAL:
        return Entry(texts[0], (), plural=texts[1], places=(place,))
    if name in WITH_CONTEXT:
        return Entry(texts[1], (), context=texts[0], places=(place,))
    return Entry(texts[1], (), context=texts[0], plural=texts[2], places=(place,))


def from_python(source: str, place: str) -> Iterator[Entry]:
    """The messages of a module."""
    known = PLAIN | PLURAL | WITH_CONTEXT | PLURAL_WITH_CONTEXT
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in known:
            continue
        texts = []
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                break
            texts.append(argument.value)
        if (entry := _entry(name, texts, place)) is not None:
            yield entry


def from_template(source: str, place: str) -> Iterator[Entry]:
    """The messages of a template. Raises UnableToExtract for one that Django cannot read."""
    try:
        calls = templatize(source, origin=place)
    except (SyntaxError, TemplateSyntaxError) as error:
        raise UnableToExtract(f"{place}: {error}") from error
    for match in TEMPLATE_CALL.finditer(calls):
        texts = list(ast.literal_eval(f"({match[2]},)"))
        if (entry := _entry(match[1], texts, place)) is not None:
            yield entry


def collect(package: Path = PACKAGE) -> list[Entry]:
    """Every message of the package once, with the files it occurs in."""
    found: dict[tuple[str, str | None], Entry] = {}
    for path in sorted(_sources(package)):
        place = path.relative_to(package.parent).as_posix()
        source = path.read_text(encoding="utf-8")
        read = from_python if path.suffix == ".py" else from_template
        for entry in read(source, place):
            known = found.get(entry.key)
            if known is None:
                found[entry.key] = entry
            elif place not in known.places:
                plural = known.plural or entry.plural
                found[entry.key] = replace(known, places=(*known.places, place), plural=plural)
    return list(found.values())


def _sources(package: Path) -> Iterable[Path]:
    for path in package.rglob("*"):
        folders = set(path.relative_to(package).parts)
        in_templates = "templates" in folders and path.suffix in {".html", ".txt", ".js"}
        if (path.suffix == ".py" or in_templates) and not SKIPPED & folders:
            yield path
