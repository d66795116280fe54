"""A label in both languages, carried as data by packs and event types.

Example: `Text(zh="资料核验", en="Verification").in_language("en") == "Verification"`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Simplified Chinese first, English complete: neither may be empty."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh.strip() or not self.en.strip():
            raise ValueError(f"a label needs both languages: zh={self.zh!r}, en={self.en!r}")

    def in_language(self, language: str) -> str:
        """The label for a language code such as `zh-hans` or `en-gb`; Chinese where it is unknown."""
        return self.en if language.lower().startswith("en") else self.zh
