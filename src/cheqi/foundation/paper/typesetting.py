"""From a content to a PDF, with typst: a twentieth of a second a page, Chinese, tables, PDF/A.

Data goes in as one JSON text through `sys.inputs` and is shown as text: a customer called `#eval("1")` is
printed as such. Fonts are found once (see `fonts`), system fonts are not asked, so the same content gives the
same bytes on every machine.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from cheqi.foundation.paper.contents import Content, to_json
from cheqi.foundation.paper.fonts import font_folder
from cheqi.foundation.paper.places import Place

_TEMPLATES = Path(__file__).resolve().parent / "typeset"


class UnableToTypeset(Exception):
    """The template and its data do not fit together: a mistake of ours, not of the customer's."""


def typeset(content: Content, places: Sequence[Place] = ()) -> bytes:
    """The PDF of a content. Raises UnableToTypeset and UnableToFindFonts."""
    return compiled(content.TEMPLATE, content.as_data(places), content.drawn_at)


def compiled(template: str, data: dict[str, Any], at: datetime) -> bytes:
    """The PDF of a template and its data; `at` is the time written into the file. Raises UnableToTypeset."""
    try:
        made = typst.compile(
            _TEMPLATES / f"{template}.typ",
            root=_TEMPLATES,
            font_paths=_fonts(font_folder()),
            ignore_system_fonts=True,
            sys_inputs={"data": to_json(data)},
            timestamp=int(at.timestamp()),
            pdf_standards="a-2b",
        )
    except typst.TypstError as problem:
        raise UnableToTypeset(f"{template}: {problem.message}") from problem
    return bytes(made)


@cache
def _fonts(folder: Path) -> "typst.Fonts":
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
