"""What a person can get wrong comes back as values, all of it at once.

A `Finding` names the rule that objects, a `Refused` carries every finding of one request:

>>> message = Text("车价须大于零", "The price must be above zero")
>>> refused = Refused(RefusalKind.INVALID, (Finding("application.price", message),))
>>> refused.findings[0].rule
'application.price'

Faces map the kind once: INVALID 422, NOT_ALLOWED 403, NOT_FOUND 404 (a case that somebody may not
see is the same as a missing one), NOT_NOW 409, CONFLICT 409, TOO_MANY 429.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from cheqi.core.base.text import Text


class RefusalKind(StrEnum):
    """Why a request was refused, in the words that decide a status code."""

    INVALID = "INVALID"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    NOT_NOW = "NOT_NOW"
    CONFLICT = "CONFLICT"
    TOO_MANY = "TOO_MANY"


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection: which rule, what happened and what to do next, and where.

    `rule` is a stable dotted name; `field` the input it concerns, empty where it concerns the whole;
    `clause` the source of a legal or house rule; `data` the figures behind the sentence.
    """

    rule: str
    message: Text
    field: str = ""
    clause: str = ""
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that was not carried out: nothing changed."""

    kind: RefusalKind
    findings: tuple[Finding, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.findings:
            raise ValueError("a refusal says why")

    def __bool__(self) -> bool:
        """A refusal is false, so `if not result:` reads as it should."""
        return False


def refuse(kind: RefusalKind, rule: str, message: Text, **data: object) -> Refused:
    """A refusal with a single finding; `data` is kept as text beside the sentence."""
    pairs = tuple((key, str(value)) for key, value in sorted(data.items()))
    return Refused(kind, (Finding(rule, message, data=pairs),))
