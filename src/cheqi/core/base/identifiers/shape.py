"""What all numbers share: removing separators, and a finding in one line.

Example: `compact(" 6222 0212-3456 ") == "622202123456"`.
"""

import unicodedata

from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text

_SEPARATORS = frozenset(" \t\r\n\u00a0\u3000-‐‑–—－_·•・.,，。:：")


def compact(value: str) -> str:
    """Full-width forms made half-width, letters upper-case, separators gone; characters stay themselves."""
    plain = unicodedata.normalize("NFKC", value)
    return "".join(character for character in plain if character not in _SEPARATORS).upper()


def finding(rule: str, zh: str, en: str, clause: str) -> tuple[Finding]:
    """One objection under `identifiers.`, ready to be returned or added to others."""
    return (Finding(f"identifiers.{rule}", Text(zh, en), clause=clause),)
