"""What two people of one application cannot share: the mobile that their codes go to, and the ID number.

A code stands for its owner's consent and signature, so the same phone for two of them proves neither. What
may not be shared says the pack `people_of_application`; the finding stands at the later person's field.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from cheqi.areas.origination.questions import Answers
from cheqi.core.base.findings import Finding
from cheqi.foundation.rulebook.queries import pack
from cheqi.rules import Pack, evaluate_all

OTHERS = ("co_borrower", "guarantor")


@dataclass(frozen=True, slots=True)
class Who:
    """One person as entered; `prefix` is what the names of their questions begin with."""

    prefix: str
    mobile: str
    id_number: str


def named_in(answers: Answers, own_mobile: str) -> tuple[Who, ...]:
    """Everybody whom the answers name, the applicant first with the mobile that they logged in with."""
    applicant = Who("", own_mobile, str(answers.get("id_number", "")))
    others = (
        Who(
            f"{prefix}_",
            str(answers.get(f"{prefix}_mobile", "")),
            str(answers.get(f"{prefix}_id_number", "")),
        )
        for prefix in OTHERS
        if answers.get(f"has_{prefix}")
    )
    return (applicant, *others)


def shared(people: Iterable[Who], on: date) -> tuple[Finding, ...]:
    """Everything that two of them share and may not, by the rules of a day."""
    rules = pack("people_of_application", on)
    found = {one.field: one for pair in combinations(people, 2) for one in _between(rules, *pair)}
    return tuple(found.values())


def _between(rules: Pack, first: Who, second: Who) -> Iterator[Finding]:
    same = {
        "same_mobile": bool(first.mobile) and first.mobile == second.mobile,
        "same_id_number": bool(first.id_number) and first.id_number == second.id_number,
    }
    for row in evaluate_all(rules, same):
        field = f"{second.prefix}{row.value['field']}"
        yield Finding(row.rule, row.explanation, field=field, clause=row.clause)
