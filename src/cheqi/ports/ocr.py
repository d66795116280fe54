"""Recognising the text of a photographed document.

`get(Ocr).read(image_bytes)` answers one `Page` for a photograph and one for each page of a PDF. What it
cannot read it says by `UnableToRead`, whose message is fit for the person who uploaded it.
"""

from enum import StrEnum
from typing import Protocol

from cheqi.core.base.text import Text
from cheqi.core.documents.boxes import Page


class UnreadableReason(StrEnum):
    """Why nothing was read."""

    EMPTY = "EMPTY"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    DAMAGED = "DAMAGED"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    LOCKED = "LOCKED"


class UnableToRead(Exception):
    """The bytes are no picture that can be read; `message` says what happened and what to do next."""

    def __init__(self, reason: UnreadableReason, message: Text) -> None:
        super().__init__(message.en)
        self.reason = reason
        self.message = message


class Ocr(Protocol):
    """A recogniser. It may be slow (a second a page) and heavy: call it in a worker process."""

    def read(self, image: bytes) -> tuple[Page, ...]:
        """The pages with their boxes; a page without text has none. Raises UnableToRead."""
