"""Pages as the recogniser read them from drawn documents of fictitious people, with what they say.

`recorded("two_documents")` gives the page and its truth: for each kind on it, the value of each field.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from cheqi.core.documents.boxes import Box, Page

_FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@cache
def recorded(name: str) -> tuple[Page, dict[str, dict[str, str]]]:
    """The page and its truth by kind and field."""
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    boxes = tuple(
        Box(
            text,
            sum(confidences) / len(confidences) / 100,
            tuple((float(x), float(y)) for x, y in polygon),
            tuple(value / 100 for value in confidences),
            tuple(value / 1000 for value in centres),
        )
        for text, polygon, confidences, centres in found["boxes"]
    )
    return Page(found["width"], found["height"], boxes, found["rotation"]), found["truth"]
