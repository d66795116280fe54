"""What those who check ask the log for: kinds of entries in plain words, each a set of event types.

A type may be of several kinds (a refused log-in is a log-in and a refusal); a test holds that none is of no
kind. The first kind that has a type is the one that a line is shown under.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cheqi.core.base.text import Text


@dataclass(frozen=True, slots=True)
class LogKind:
    """One kind: its name in addresses, its words, its types. One that ends in `.` stands for its topic."""

    key: str
    title: Text
    types: tuple[str, ...]


KINDS: tuple[LogKind, ...] = (
    LogKind("unmask", Text("查看完整信息", "Seen in clear"), ("access.unmasked",)),
    LogKind(
        "log-in",
        Text("登录与验证", "Log-ins"),
        (
            "access.staff_logged_in", "access.log_in_failed", "access.logged_out", "access.password_changed",
            "access.second_factor_enrolled", "access.second_factor_passed", "access.second_factor_failed",
            "access.customer_came_in", "access.code_confirmed", "access.codes_exhausted",
            "access.sessions_revoked", "access.api_session_began", "access.api_session_ended",
        ),
    ),
    LogKind(
        "roles",
        Text("人员与权限", "People and roles"),
        (
            "access.member_added", "access.member_suspended", "access.role_change_proposed",
            "access.role_change_decided", "access.absence_recorded", "access.absence_ended",
            "access.client_added", "access.client_key_issued", "access.client_suspended",
        ),
    ),
    LogKind("export", Text("导出", "Exports"), ("access.list_exported", "evidence.bundle_made")),
    LogKind(
        "rules",
        Text("规则与设置", "Rules and settings"),
        (
            "rulebook.", "process.definition_published", "process.case_migrated", "access.keys_rotated",
            "evidence.person_erased",
        ),
    ),
    LogKind(
        "refused",
        Text("拒绝与失败", "Refusals"),
        (
            "access.log_in_failed", "access.second_factor_failed", "access.codes_exhausted",
            "documents.rejected", "documents.unreadable", "credit.authorisation_declined",
            "credit.enquiry_refused", "messages.failed", "messages.blocked", "rulebook.pack_turned_down",
        ),
    ),
    LogKind("repair", Text("故障处理", "Repairs"), (
        "jobs.", "outside.discarded", "outside.redriven", "messages.redriven", "messages.discarded",
    )),
    LogKind("credit", Text("审批与放款", "Decisions and payout"), ("credit.", "lending.")),
    LogKind("paper", Text("资料与合同", "Documents and papers"), ("documents.", "contract.")),
    LogKind("case", Text("办理过程", "Process"), ("process.", "estimates.")),
    LogKind("outside", Text("消息与外部系统", "Messages and systems"), ("messages.", "outside.")),
)  # fmt: skip


def types_of(key: str, known: Mapping[str, object]) -> tuple[str, ...]:
    """The types of a kind among the `known` ones, in order; none where there is no such kind."""
    kind = next((one for one in KINDS if one.key == key), None)
    return tuple(sorted(each for each in known if kind is not None and _has(kind, each)))


def kind_of(event_type: str) -> LogKind | None:
    """The kind that a line is shown under."""
    return next((one for one in KINDS if _has(one, event_type)), None)


def _has(kind: LogKind, event_type: str) -> bool:
    return any(event_type.startswith(one) if one.endswith(".") else event_type == one for one in kind.types)
