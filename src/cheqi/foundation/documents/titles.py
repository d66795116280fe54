"""How a slot is called where people read it.

A slot named as a kind has that kind's title; an area names its own slots with `name_slot`.
"""

from cheqi.core.base.text import Text

_TITLES: dict[str, Text] = {
    "ID_CARD_FRONT": Text("身份证（人像面）", "ID card, portrait side"),
    "ID_CARD_BACK": Text("身份证（国徽面）", "ID card, emblem side"),
    "DRIVING_LICENCE": Text("驾驶证", "Driving licence"),
    "VEHICLE_LICENCE": Text("行驶证", "Vehicle licence"),
    "VEHICLE_LICENCE_BACK": Text("行驶证副页", "Vehicle licence, second page"),
    "REGISTRATION_CERTIFICATE": Text("机动车登记证书", "Registration certificate"),
    "PURCHASE_INVOICE": Text("购车发票", "Purchase invoice"),
    "BUSINESS_LICENCE": Text("营业执照", "Business licence"),
    "BANK_STATEMENT": Text("银行流水", "Bank statement"),
}
_OTHER = Text("其他资料", "Other document")


def slot_title(slot: str) -> Text:
    """The slot's title; 其他资料 for one that nobody named."""
    return _TITLES.get(slot, _OTHER)


def name_slot(slot: str, title: Text) -> None:
    """Gives a slot its title; called when an area is loaded."""
    _TITLES[slot] = title
