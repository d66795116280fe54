"""Reads and writes message catalogues: `.po` as text that people edit, `.mo` as Django loads it.

The `.po` file is kept in a fixed form, so that parallel work merges: entries in the order of the file they
first occur in, then by text; no line numbers, no dates. The `.mo` file is a product: it is compiled when
its source is newer, at start-up, and is not kept in the repository.

>>> entry = Entry("{n} 小时", ("{n} h",))
>>> parse(write([entry]))[0] == entry
True
"""

import ast
import os
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CONTEXT_END = "\x04"
MAGIC = 0x950412DE
HEADER = (
    "Project-Id-Version: cheqi\n"
    "Language: en\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its source text, its translations (two where it has a plural), and where it occurs."""

    text: str
    translations: tuple[str, ...]
    context: str | None = None
    plural: str | None = None
    places: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str | None]:
        """What gettext looks up by."""
        return self.text, self.context

    @property
    def is_complete(self) -> bool:
        """Every form is translated."""
        return bool(self.translations) and all(form.strip() for form in self.translations)


def parse(source: str) -> list[Entry]:
    """The entries of a `.po` file, without its header. Raises ValueError for a line that is none."""
    entries = []
    for block in re.split(r"\n\s*\n", source.strip()):
        entry = _parse_block(block)
        if entry is not None and entry.text:
            entries.append(entry)
    return entries


def _parse_block(block: str) -> Entry | None:
    fields: dict[str, str] = {}
    places: list[str] = []
    current = ""
    for line in block.splitlines():
        if line.startswith("#:"):
            places += line[2:].split()
        elif line.startswith("#"):
            continue
        elif match := re.fullmatch(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")', line):
            current = match[1]
            fields[current] = ast.literal_eval(match[2])
        elif line.startswith('"') and current:
            fields[current] += ast.literal_eval(line)
        else:
            raise ValueError(f"not a line of a catalogue: {line!r}")
    if "msgid" not in fields:
        return None
    forms = tuple(text for name, text in sorted(fields.items()) if name.startswith("msgstr"))
    return Entry(fields["msgid"], forms, fields.get("msgctxt"), fields.get("msgid_plural"), tuple(places))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'


def write(entries: Iterable[Entry]) -> str:
    """The text of a `.po` file."""
    blocks = [
        'msgid ""\nmsgstr ""\n' + "\n".join(_quoted(line + "\n") for line in HEADER.strip().split("\n"))
    ]
    for entry in sorted(entries, key=lambda one: (one.places[:1], one.text, one.context or "")):
        lines = [f"#: {place}" for place in entry.places]
        if entry.context is not None:
            lines.append(f"msgctxt {_quoted(entry.context)}")
        lines.append(f"msgid {_quoted(entry.text)}")
        if entry.plural is None:
            lines.append(f"msgstr {_quoted(entry.translations[0] if entry.translations else '')}")
        else:
            lines.append(f"msgid_plural {_quoted(entry.plural)}")
            forms = (*entry.translations, "", "")[:2]
            lines += [f"msgstr[{index}] {_quoted(form)}" for index, form in enumerate(forms)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def merge(found: Iterable[Entry], known: Iterable[Entry]) -> list[Entry]:
    """What the source has, with the translations that are known; what it no longer has is dropped."""
    translations = {entry.key: entry.translations for entry in known}
    return [replace(entry, translations=translations.get(entry.key, ("",))) for entry in found]


def compiled(entries: Iterable[Entry]) -> bytes:
    """The binary `.mo` form (GNU gettext manual, section "The Format of GNU MO Files")."""
    pairs = {"": HEADER}
    for entry in entries:
        if not entry.is_complete:
            continue
        key = entry.text if entry.context is None else entry.context + CONTEXT_END + entry.text
        if entry.plural is not None:
            key = f"{key}\x00{entry.plural}"
        pairs[key] = "\x00".join(entry.translations)
    keys = sorted(key.encode() for key in pairs)
    values = [pairs[key.decode()].encode() for key in keys]
    count = len(keys)
    at = 7 * 4 + 16 * count
    tables = []
    for texts in (keys, values):
        for text in texts:
            tables += [len(text), at]
            at += len(text) + 1
    head = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    body = b"".join(text + b"\x00" for text in keys + values)
    return head + struct.pack(f"<{len(tables)}I", *tables) + body


def catalogue_path(language: str = "en", folder: Path = FOLDER) -> Path:
    """Where a language's `.po` file is."""
    return folder / language / "LC_MESSAGES" / "django.po"


def compile_when_stale(folder: Path = FOLDER) -> list[Path]:
    """Compiles each catalogue whose source is newer than its product; gives what was written.

    The product replaces the old one in one step, so that processes starting together do not meet a
    half-written file.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        product = source.with_suffix(".mo")
        if product.exists() and product.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = product.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(compiled(parse(source.read_text(encoding="utf-8"))))
        draft.replace(product)
        written.append(product)
    return written
