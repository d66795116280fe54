"""The facts that a set of documents of one customer tells, all fictitious.

Example: `some_facts(3)` gives person, vehicle, company and the lender's date of case 3.
"""

import random
from dataclasses import dataclass
from datetime import date

from cheqi.demo.people import Company, Person, Vehicle, a_company, a_person, a_vehicle


@dataclass(frozen=True, slots=True)
class Facts:
    """Who, which car, which company; `owner` is the person, or at times the company."""

    person: Person
    vehicle: Vehicle
    company: Company
    today: date

    @property
    def place(self) -> str:
        """The city whose authorities sign."""
        return self.person.city or self.person.province


def some_facts(seed: int, today: date = date(2026, 10, 1)) -> Facts:
    """The facts of case `seed`."""
    return Facts(a_person(seed, today), a_vehicle(seed, today), a_company(seed, today), today)


def owner_of(facts: Facts, dice: random.Random) -> tuple[str, str, str]:
    """Name, paper and number of a vehicle's owner: one in six is a company."""
    if dice.random() < 1 / 6:
        return facts.company.name, "统一社会信用代码", facts.company.uscc
    return facts.person.name, "居民身份证", facts.person.id_number
