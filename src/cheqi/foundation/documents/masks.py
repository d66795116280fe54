"""Which fields of documents hold a number that most people see masked: numbers of persons, of accounts.

A field is known by its form, not by a list of names, so that a kind of document added later is masked too.

>>> from cheqi.core.base.actors import ActorKind
>>> masked("buyer_number", "330106199001011234", Actor(ActorKind.CLIENT, "dealer", ""))
'3301**********1234'
>>> masked("plate", "浙A12345", Actor(ActorKind.CLIENT, "dealer", ""))
'浙A12345'
"""

from cheqi.core.base.actors import Actor
from cheqi.core.documents.fields import FIELDS, Form
from cheqi.foundation.privacy.masking import mask

_KINDS = {Form.ID_NUMBER: "id_number", Form.PARTY_NUMBER: "id_number", Form.BANK_CARD: "account"}
MASKS = {
    field.key: _KINDS[field.form] for fields in FIELDS.values() for field in fields if field.form in _KINDS
}


def masked(name: str, value: str, actor: Actor) -> str:
    """The value of a field as the actor may see it."""
    kind = MASKS.get(name)
    return mask(kind, value, actor) if kind else value
