"""The same fact on several documents, and in what was declared, must read the same.

Facts are compared by concept: the holder's name is `name` on an ID card, `owner` on a vehicle licence and
`buyer` on an invoice. Each disagreement is one finding that names the sources and their values. Values that
wait for a clerk are compared too: a disagreement helps the clerk to see what is wrong.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.core.documents.kinds import TITLES, Kind
from cheqi.core.documents.reading import Reading

CONCEPTS: MappingProxyType[str, Text] = MappingProxyType(
    {
        "name": Text("姓名", "Name"),
        "id_number": Text("身份证号", "ID number"),
        "company": Text("企业名称", "Company"),
        "uscc": Text("统一社会信用代码", "Unified social credit code"),
        "owner": Text("车辆所有人", "Vehicle owner"),
        "vin": Text("车辆识别代号", "VIN"),
        "engine_number": Text("发动机号码", "Engine number"),
        "plate": Text("号牌号码", "Plate"),
        "price": Text("车价", "Price"),
        "card_number": Text("银行账号", "Account number"),
    }
)
_PERSONAL = (Kind.ID_CARD_FRONT, Kind.DRIVING_LICENCE)
_VEHICLE = (
    Kind.VEHICLE_LICENCE,
    Kind.REGISTRATION_CERTIFICATE,
    Kind.PURCHASE_INVOICE,
    Kind.USED_CAR_INVOICE,
    Kind.INSURANCE_POLICY,
)
_SOURCES: dict[str, tuple[tuple[Kind, str], ...]] = {
    "name": (*((kind, "name") for kind in _PERSONAL), (Kind.BANK_STATEMENT, "account_name")),
    "id_number": tuple((kind, "id_number") for kind in _PERSONAL),
    "company": ((Kind.BUSINESS_LICENCE, "name"),),
    "uscc": ((Kind.BUSINESS_LICENCE, "uscc"),),
    "owner": (
        (Kind.VEHICLE_LICENCE, "owner"),
        (Kind.REGISTRATION_CERTIFICATE, "owner"),
        (Kind.PURCHASE_INVOICE, "buyer"),
        (Kind.USED_CAR_INVOICE, "buyer"),
    ),
    "vin": tuple((kind, "vin") for kind in _VEHICLE),
    "engine_number": tuple((kind, "engine_number") for kind in _VEHICLE if kind is not Kind.USED_CAR_INVOICE),
    "plate": (
        (Kind.VEHICLE_LICENCE, "plate"),
        (Kind.VEHICLE_LICENCE_BACK, "plate"),
        (Kind.REGISTRATION_CERTIFICATE, "plate"),
        (Kind.USED_CAR_INVOICE, "plate"),
        (Kind.INSURANCE_POLICY, "plate"),
    ),
    "price": ((Kind.PURCHASE_INVOICE, "price"), (Kind.USED_CAR_INVOICE, "price")),
    "card_number": ((Kind.BANK_STATEMENT, "card_number"), (Kind.BANK_CARD, "card_number")),
}


def compare(readings: Sequence[Reading], declared: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """One finding for each concept whose sources disagree.

    `declared` holds what the applicant said, by concept (see CONCEPTS); amounts as yuan with two decimals.
    Empty values are not compared. A vehicle on finance has its owner on the documents of the vehicle only,
    so `owner` is compared among those and with what was declared as owner.
    """
    found = []
    for concept, title in CONCEPTS.items():
        sources = [
            (TITLES[reading.kind], value)
            for kind, key in _SOURCES[concept]
            for reading in readings
            if reading.kind is kind and (value := reading.value(key))
        ]
        stated = (declared or {}).get(concept, "").strip()
        if stated:
            sources.append((Text("申报内容", "Declared"), stated))
        if len({_comparable(value) for _, value in sources}) > 1:
            found.append(_difference(concept, title, sources))
    return tuple(found)


def _comparable(value: str) -> str:
    return "".join(value.split()).upper().replace("(", "（").replace(")", "）").replace("•", "·")


def _difference(concept: str, title: Text, sources: Sequence[tuple[Text, str]]) -> Finding:
    zh = "；".join(f"{source.zh}“{value}”" for source, value in sources)
    en = "; ".join(f"{source.en} “{value}”" for source, value in sources)
    return Finding(
        f"documents.agreement.{concept}",
        Text(f"{title.zh}不一致：{zh}，请核对原件", f"{title.en} differs: {en}; compare the documents"),
        field=concept,
        data=tuple((source.zh, value) for source, value in sources),
    )
