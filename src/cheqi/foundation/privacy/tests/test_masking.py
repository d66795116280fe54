"""What a value looks like to whom."""

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.foundation.privacy.masking import cover, mask

VALUES = {
    "id_number": "330106199001011234",
    "mobile": "13800138866",
    "account": "6222021234561234",
    "name": "张小三",
}
COVERED = {
    "id_number": "3301**********1234",
    "mobile": "138****8866",
    "account": "尾号 1234",
    "name": "张**",
}


def staff(*roles: str) -> Actor:
    return Actor(ActorKind.STAFF, "1", "陈静", frozenset(roles))


STRANGER = Actor(ActorKind.CUSTOMER, "", "访客")
CUSTOMER = Actor(ActorKind.CUSTOMER, "7", "张小三", scope=Scope(party_id=7))
PROGRAM = Actor(ActorKind.CLIENT, "ab12", "经销商", scope=Scope(branch_ids=frozenset({1})))


@pytest.mark.parametrize(
    ("actor", "in_clear"),
    [
        (staff("client_manager"), {"name", "mobile"}),
        (staff("reviewer"), {"name"}),
        (staff("finance"), {"name", "account"}),
        (staff("disbursement"), {"name", "account"}),
        (staff("operations_manager"), {"name", "mobile"}),
        (staff("admin"), {"name"}),
        (staff(), {"name"}),
        (CUSTOMER, {"name"}),
        (STRANGER, set()),
        (PROGRAM, set()),
        (SYSTEM, set(VALUES)),
    ],
)
def test_each_role_sees_what_it_needs(actor: Actor, in_clear: set[str]) -> None:
    seen = {kind: mask(kind, value, actor) for kind, value in VALUES.items()}

    assert seen == {kind: VALUES[kind] if kind in in_clear else COVERED[kind] for kind in VALUES}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("mobile", "+8613800138866", "138****8866"),
        ("id_number", "12345678", "********"),
        ("account", "1234", "尾号 ****"),
        ("name", "张", "张*"),
        ("name", "", ""),
    ],
)
def test_short_values_give_nothing_away(kind: str, value: str, expected: str) -> None:
    assert cover(kind, value) == expected


def test_a_kind_without_a_mask_is_an_error_even_for_the_system() -> None:
    with pytest.raises(KeyError):
        mask("religion", "x", SYSTEM)
