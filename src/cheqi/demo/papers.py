"""Documents of people who do not exist, as photographs to try the product with: `cheqi demo papers`.

The papers agree with each other and with what the demo's bureau and bank say, so that an application with the
answers of `Papers.answers` is carried through; another number is another person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from cheqi.core.documents.kinds import TITLES, Kind
from cheqi.demo.drawing import DRAWERS, Drawn, Facts, Level, degrade, draw, some_facts

FIRST_PERSON = 9_000
"""Apart from the people of the demo's history and of its showcases."""
NEW_CAR_DAYS, LOAN_SHARE, WHOLE_YUAN = 3, 0.6, 1_000_000
LARGEST_LOAN_FEN = 10_000_000
_OWNERS = MappingProxyType(
    {Kind.PURCHASE_INVOICE: "buyer", Kind.VEHICLE_LICENCE: "owner", Kind.REGISTRATION_CERTIFICATE: "owner"}
)


@dataclass(frozen=True, slots=True)
class Papers:
    """What was written where, and what to answer so that it agrees with the papers."""

    files: tuple[Path, ...]
    answers: Mapping[str, str]


def facts_of(person: int, today: date) -> Facts:
    """Person number `person`, the same on every day, who has bought a new car a few days before `today`."""
    facts = some_facts(FIRST_PERSON + person)
    bought = today - timedelta(days=NEW_CAR_DAYS)
    return replace(
        facts,
        today=today,
        person=replace(facts.person, mobile=f"1380003{person:04}"),
        vehicle=replace(facts.vehicle, register_date=bought, issue_date=bought, use="非营运"),
    )


def write(folder: Path, person: int, today: date) -> Papers:
    """Photographs every paper of person `person` into `folder`, as JPEG named by its title.

    Raises OSError when the folder cannot be made or written.
    """
    facts, files = facts_of(person, today), []
    folder.mkdir(parents=True, exist_ok=True)
    for kind in DRAWERS:
        photograph = degrade(drawn_for(kind, facts).image, Level.PHONE, seed=FIRST_PERSON + person)
        files.append(folder / f"{TITLES[kind].zh}.jpg")
        photograph.convert("RGB").save(files[-1], "JPEG", quality=90)
    return Papers(tuple(files), answers_of(facts))


def answers_of(facts: Facts) -> Mapping[str, str]:
    """What to enter, by the words beside the fields, in their order."""
    person, car = facts.person, facts.vehicle
    loan_fen = min(LARGEST_LOAN_FEN, int(car.price_fen * LOAN_SHARE) // WHOLE_YUAN * WHOLE_YUAN)
    return MappingProxyType(
        {
            "手机号": person.mobile,
            "姓名": person.name,
            "身份证号": person.id_number,
            "品牌": car.brand,
            "车型": car.model,
            "车辆识别代号": car.vin,
            "车价（元）": str(car.price_fen // 100),
            "首付（元）": str((car.price_fen - loan_fen) // 100),
            "银行卡号": person.bank_card,
            "企业名称（企业客户）": facts.company.name,
            "统一社会信用代码（企业客户）": facts.company.uscc,
        }
    )


def drawn_for(kind: Kind, facts: Facts) -> Drawn:
    """The paper in the person's own name: some drawings are made out to a company instead."""
    named, seed = _OWNERS.get(kind), 0
    drawn = draw(kind, facts, seed)
    while named and drawn.truth[named] != facts.person.name:
        seed += 1
        drawn = draw(kind, facts, seed)
    return drawn
