"""One shape for everything that went wrong, whoever noticed it.

    {"error": {"kind": "INVALID", "findings": [
        {"rule": "application.price_fen", "message": "车价须大于零", "field": "price_fen", "clause": ""}]}}

Kinds are those of `RefusalKind`, and those of the transport in `TRANSPORT`. The language is the one that
`Accept-Language` asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from django.utils.translation.trans_real import parse_accept_lang_header

from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.text import Text
from cheqi.ui.errors import STATUS

TRANSPORT: Mapping[int, tuple[str, Text]] = {
    400: (
        "BAD_REQUEST",
        Text("请求格式有误，请核对后重发", "The request cannot be read: correct and resend it"),
    ),
    401: (
        "UNAUTHENTICATED",
        Text("请提供有效的接口密钥或员工会话", "Give a valid key or session: Authorization: Bearer …"),
    ),
    403: ("NOT_ALLOWED", Text("没有权限执行此操作", "This is not allowed")),
    404: ("NOT_FOUND", Text("没有找到，请核对地址和编号", "Not found: check the address and the number")),
    405: ("BAD_METHOD", Text("此地址不支持该方法", "This address does not take that method")),
    413: ("TOO_LARGE", Text("请求太大：单个文件不超过 20 MB", "Too large: a file has at most 20 MB")),
    429: ("TOO_MANY", Text("请求过于频繁，请稍后再试", "Too many requests: try again later")),
    500: ("INTERNAL", Text("系统出了问题，请用同一幂等键重试", "Something broke: retry under the same key")),
    503: ("UNAVAILABLE", Text("服务暂时不可用，请稍后重试", "Unavailable for the moment: try again soon")),
}
TOO_LARGE_RULES = frozenset({"documents.too_large"})


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """A request that got no further: status, kind, findings, and headers that belong to it."""

    status: int
    kind: str
    findings: tuple[Finding, ...]
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, language: str) -> bytes:
        """The JSON in one language."""
        findings = [
            {
                "rule": each.rule,
                "message": each.message.in_language(language),
                "field": each.field,
                "clause": each.clause,
            }
            for each in self.findings
        ]
        return msgspec.json.encode({"error": {"kind": self.kind, "findings": findings}})


def transport(status: int, rule: str = "", message: Text | None = None, **headers: str) -> Problem:
    """A problem of the transport. A status without an entry of its own is told as 400 or 500."""
    known = status if status in TRANSPORT else 500 if status >= 500 else 400
    kind, text = TRANSPORT[known]
    finding = Finding(rule or f"api.{kind.lower()}", message or text)
    return Problem(
        status, kind, (finding,), {name.replace("_", "-"): value for name, value in headers.items()}
    )


def of_refusal(refused: Refused) -> Problem:
    """A refusal under the status of its kind; a file that is too large is 413."""
    wait = next((dict(each.data).get("retry_after_seconds") for each in refused.findings), None)
    headers = {"Retry-After": wait} if wait else {}
    is_large = any(each.rule in TOO_LARGE_RULES for each in refused.findings)
    status = 413 if is_large and refused.kind is RefusalKind.INVALID else STATUS[refused.kind]
    return Problem(status, refused.kind.value, refused.findings, headers)


def invalid(rule: str, message: Text, name: str = "") -> Problem:
    """One objection to one input."""
    return Problem(422, RefusalKind.INVALID.value, (Finding(rule, message, field=name),))


@lru_cache(maxsize=256)
def language_of(accepted: str) -> str:
    """The first of Chinese and English that the header asks for; Chinese where it names neither."""
    for code, quality in parse_accept_lang_header(accepted.lower()[:200]):
        if quality and code.startswith(("zh", "en")):
            return code[:2]
    return "zh"
