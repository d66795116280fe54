"""What a personal value looks like to somebody.

Most people see enough to recognise it; a role that needs it every minute sees it whole; everything else is
`operations.unmask`, with a reason on record.

>>> cover("id_number", "330106199001011234")
'3301**********1234'
>>> cover("mobile", "13800138866")
'138****8866'
>>> cover("account", "6222021234561234")
'尾号 1234'
>>> cover("name", "张小三")
'张**'
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.staff.roles import Permission, may


def mask(kind: str, value: str, actor: Actor) -> str:
    """The value as the actor may see it. Raises KeyError for a kind that has no mask."""
    covered = _COVERS[kind](value) if value else ""
    return value if _sees(kind, actor) else covered


def cover(kind: str, value: str) -> str:
    """The masked form of `id_number`, `mobile`, `account` or `name`."""
    return _COVERS[kind](value) if value else ""


def _sees(kind: str, actor: Actor) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return True
    if kind == "name":
        known_customer = actor.kind is ActorKind.CUSTOMER and actor.scope.party_id is not None
        return actor.is_staff or known_customer
    permission = _PERMISSIONS.get(kind)
    return permission is not None and may(actor, permission)


def _middle(value: str, head: int, tail: int) -> str:
    """Stars between head and tail; a value too short to have a middle is all stars."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def _id_number(value: str) -> str:
    return _middle(value, 4, 4)


def _mobile(value: str) -> str:
    return _middle(value.removeprefix("+86"), 3, 4)


def _account(value: str) -> str:
    return _("尾号 %(last4)s") % {"last4": value[-4:] if len(value) > 4 else "****"}


def _name(value: str) -> str:
    return value[0] + "*" * max(len(value) - 1, 1)


_COVERS: dict[str, Callable[[str], str]] = {
    "id_number": _id_number,
    "mobile": _mobile,
    "account": _account,
    "name": _name,
}
_PERMISSIONS = {"mobile": Permission.SEE_MOBILE, "account": Permission.SEE_ACCOUNT}
