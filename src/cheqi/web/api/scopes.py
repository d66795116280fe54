"""What a key may be trusted with. A program never reviews an application and never releases money.

Some scopes let a program do a step that belongs to a role of the process: `steps_of` says which. Nothing
else of a client's list becomes a role, so a client that was entered with the scope `reviewer` is none.

>>> sorted(roles_of(frozenset({"applications:write", "reviewer"})))
['applications:write', 'client_manager']
"""

from collections.abc import Mapping
from dataclasses import replace

from cheqi.core.base.actors import Actor
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


def roles_of(granted: frozenset[str]) -> frozenset[str]:
    """The known scopes among what was granted, and the roles that they carry."""
    known = granted & SCOPES.keys()
    return known | {STEP_ROLES[scope] for scope in known & STEP_ROLES.keys()}


def as_worker(client: Actor) -> Actor:
    """The client as operations know it: its scopes, and the roles of the steps that it may do."""
    return replace(client, roles=roles_of(client.roles))
