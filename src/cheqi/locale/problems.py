"""What is wrong with the catalogue: untranslated strings, and placeholders that do not match.

>>> mismatched(Entry("{n} 小时", ("{hours} h",)))
True
"""

import re
from collections.abc import Sequence

from cheqi.locale.catalogue import Entry

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    """The places of a string, named or not."""
    return set(PLACEHOLDER.findall(text))


def mismatched(entry: Entry) -> bool:
    """A form lacks a place of the source, or has one that nothing fills.

    A singular may leave out the number that it states in words.
    """
    expected = placeholders(entry.text) | placeholders(entry.plural or "")
    forms = [placeholders(form) for form in entry.translations]
    if entry.plural is not None:
        return any(not form <= expected for form in forms) or forms[-1] != expected
    return any(form != expected for form in forms)


def of(found: Sequence[Entry], known: Sequence[Entry]) -> list[str]:
    """Every problem in words, empty when the catalogue is complete."""
    translated = {entry.key: entry for entry in known}
    problems = []
    for entry in found:
        place = entry.places[0] if entry.places else "?"
        if not CHINESE.search(entry.text):
            continue
        held = translated.get(entry.key)
        if held is None or not held.is_complete:
            problems.append(f"{place}: no English for {entry.text!r}")
        elif mismatched(held):
            problems.append(f"{place}: placeholders differ in {entry.text!r}")
        elif any(CHINESE.search(form) for form in held.translations):
            problems.append(f"{place}: Chinese left in the English of {entry.text!r}")
    return problems


TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%.*?%}|{#.*?#}"
    r"|{%\s*comment.*?endcomment\s*%}",
    re.DOTALL,
)


def unwrapped(template: str) -> list[str]:
    """Lines of a template with Chinese that is not marked for translation."""
    rest = TRANSLATED.sub("", template)
    return [line.strip() for line in rest.splitlines() if CHINESE.search(line)]
