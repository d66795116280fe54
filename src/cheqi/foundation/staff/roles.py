"""Roles: what a person is trusted with. A constant table; who holds a role where is data.

`ROLES["finance"].title.zh == "财务"`; `may(actor, Permission.UNMASK)` asks whether any held role allows it.
"""

from dataclasses import dataclass
from enum import StrEnum

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.text import Text


class Permission(StrEnum):
    """What the foundation itself asks for. Steps of a process ask for roles."""

    UNMASK = "UNMASK"
    SEE_MOBILE = "SEE_MOBILE"
    SEE_ACCOUNT = "SEE_ACCOUNT"
    SEE_EVERYTHING = "SEE_EVERYTHING"
    REASSIGN = "REASSIGN"
    EXPORT = "EXPORT"
    DISBURSE = "DISBURSE"
    MANAGE_STAFF = "MANAGE_STAFF"
    MANAGE_CLIENTS = "MANAGE_CLIENTS"
    READ_RECORDS_OF_ACCESS = "READ_RECORDS_OF_ACCESS"
    CHANGE_PROCESSES = "CHANGE_PROCESSES"


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its key in definitions and rows, its label, and what it allows."""

    key: str
    title: Text
    permissions: frozenset[Permission]


def _role(key: str, zh: str, en: str, *permissions: Permission) -> Role:
    return Role(key, Text(zh, en), frozenset(permissions))


_P = Permission

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        _role("client_manager", "客户经理", "Client manager", _P.UNMASK, _P.SEE_MOBILE),
        _role("reviewer", "审核员", "Reviewer", _P.UNMASK),
        _role("senior_reviewer", "高级审核员", "Senior reviewer", _P.UNMASK, _P.REASSIGN),
        _role("back_office", "中后台", "Back office", _P.UNMASK),
        _role("finance", "财务", "Finance", _P.UNMASK, _P.SEE_ACCOUNT, _P.EXPORT),
        _role("registry_clerk", "抵押专员", "Registry clerk", _P.UNMASK),
        _role("disbursement", "放款专员", "Disbursement", _P.UNMASK, _P.SEE_ACCOUNT, _P.DISBURSE),
        _role(
            "operations_manager",
            "运营经理",
            "Operations manager",
            *(_P.UNMASK, _P.SEE_MOBILE, _P.SEE_EVERYTHING, _P.REASSIGN, _P.EXPORT),
            *(_P.READ_RECORDS_OF_ACCESS, _P.CHANGE_PROCESSES),
        ),
        _role(
            "operations_director",
            "运营总监",
            "Operations director",
            *(_P.UNMASK, _P.SEE_MOBILE, _P.SEE_EVERYTHING, _P.REASSIGN, _P.EXPORT, _P.READ_RECORDS_OF_ACCESS),
        ),
        _role(
            "auditor",
            "审计",
            "Auditor",
            *(_P.UNMASK, _P.SEE_EVERYTHING, _P.EXPORT, _P.READ_RECORDS_OF_ACCESS),
        ),
        _role(
            "admin",
            "系统管理员",
            "Administrator",
            *(_P.SEE_EVERYTHING, _P.MANAGE_STAFF, _P.MANAGE_CLIENTS, _P.READ_RECORDS_OF_ACCESS),
            _P.CHANGE_PROCESSES,
        ),
    )
}

NOT_DELEGATED = frozenset({"admin", "auditor"})


def may(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's roles allows it; the system may everything, other kinds nothing here."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return actor.is_staff and any(
        permission in ROLES[role].permissions for role in actor.roles & ROLES.keys()
    )


def sees_everything(roles: frozenset[str]) -> bool:
    """Whether one of the roles is not bound to branches when it reads."""
    return any(Permission.SEE_EVERYTHING in ROLES[role].permissions for role in roles & ROLES.keys())
