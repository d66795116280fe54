"""What a key may be trusted with, and what a member's session opens. A key never reviews, never pays out.

Some scopes let a program do a step that belongs to a role of the process: `steps_of` says which. Nothing
else of a client's list becomes a role, so a client that was entered with the scope `reviewer` is none.

>>> sorted(roles_of(frozenset({"applications:write", "reviewer"})))
['applications:write', 'client_manager']

A member's session is no key: it has no scopes but the member's roles, and opens the routes of staff and those
of `STAFF_READS` and `STAFF_WRITES`, within the member's object scope.

>>> member = Actor(ActorKind.STAFF, "12", "赵磊", frozenset({"reviewer"}))
>>> opens(member, "documents:read"), opens(member, STAFF), opens(member, "applications:write")
(True, True, False)
"""

from collections.abc import Mapping
from dataclasses import replace

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.text import Text

SCOPES: Mapping[str, Text] = {
    "progress:read": Text("查询进度", "Look progress up"),
    "products:read": Text("查询产品与试算", "Products and calculated offers"),
    "applications:read": Text("查看申请", "Read applications"),
    "applications:write": Text("代客户录入和提交申请", "Enter and send applications"),
    "documents:read": Text("查看资料与识别结果", "Read documents and what was read from them"),
    "documents:write": Text("上传资料", "Upload documents"),
    "documents:settle": Text("核对识别结果", "Settle what was read from documents"),
    "consents:write": Text("转交客户的验证码", "Pass a customer's one-time code on"),
    "cases:read": Text("查看案件", "Read cases"),
    "cases:back_office": Text("办理中后台步骤", "Do back-office steps"),
    "cases:registry": Text("办理抵押步骤", "Do registry steps"),
    "contracts:read": Text("查看合同", "Read contracts"),
    "evidence:read": Text("下载证据包", "Download evidence"),
    "loans:read": Text("查看贷款账户", "Read loan accounts"),
    "webhooks:manage": Text("管理回调", "Manage webhooks"),
}
STEP_ROLES: Mapping[str, str] = {
    "applications:write": "client_manager",
    "cases:back_office": "back_office",
    "documents:settle": "back_office",
    "cases:registry": "registry_clerk",
}

STAFF = "staff"
STAFF_READS = frozenset(
    {
        "progress:read",
        "products:read",
        "applications:read",
        "documents:read",
        "contracts:read",
        "loans:read",
    }
)
STAFF_WRITES: Mapping[str, tuple[str, ...]] = {
    "applications:write": ("client_manager", "operations_manager"),
    "documents:write": ("client_manager", "operations_manager"),
}


def opens(actor: Actor, scope: str) -> bool:
    """Whether a route of this scope is open to the caller; what it may do there its operations say.

    The scope `staff` is no client's, whatever its list says; the empty one is any client's.
    """
    if actor.kind is not ActorKind.STAFF:
        return scope != STAFF and (not scope or scope in actor.roles)
    return scope == STAFF or scope in STAFF_READS or actor.has_role(*STAFF_WRITES.get(scope, ()))


def roles_of(granted: frozenset[str]) -> frozenset[str]:
    """The known scopes among what was granted, and the roles that they carry."""
    known = granted & SCOPES.keys()
    return known | {STEP_ROLES[scope] for scope in known & STEP_ROLES.keys()}


def as_worker(client: Actor) -> Actor:
    """The client as operations know it: its scopes, and the roles of the steps that it may do. A member of
    staff acts as they are."""
    if client.is_staff:
        return client
    return replace(client, roles=roles_of(client.roles))
