"""Who came in, what they were trusted with, and which personal values they looked at.

These events name staff and API clients; a customer appears as the party the event is logged about. What
somebody typed wrongly is never logged: people type passwords into the wrong box.
"""

from typing import ClassVar

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


@event
class StaffLoggedIn(Event):
    """A colleague gave login and password."""

    TYPE = "access.staff_logged_in"
    SENTENCE = Text("从 {address} 登录", "Logged in from {address}")
    member_id: int
    address: str

    @property
    def subject(self) -> str:
        """The member."""
        return f"member:{self.member_id}"


@event
class LogInFailed(Event):
    """A log-in that was refused; the member is known only where the login was right."""

    TYPE = "access.log_in_failed"
    SENTENCE = Text("从 {address} 登录失败", "A log-in from {address} failed")
    address: str
    member_id: int | None = None


class _AboutMember(Event):
    """What happened to one member of staff."""

    member_id: int

    @property
    def subject(self) -> str:
        """The member."""
        return f"member:{self.member_id}"


@event
class LoggedOut(_AboutMember):
    """A session was ended, or all of them."""

    TYPE = "access.logged_out"
    SENTENCE = Text("退出登录，所有设备：{everywhere}", "Logged out, on all devices: {everywhere}")
    member_id: int
    everywhere: bool


@event
class ApiSessionBegan(_AboutMember):
    """A program may work in the member's name for a while; password and second factor were given."""

    TYPE = "access.api_session_began"
    SENTENCE = Text("程序 {program} 从 {address} 以员工身份登录接口", "{program} logged in from {address}")
    member_id: int
    session: str
    program: str
    address: str


@event
class ApiSessionEnded(_AboutMember):
    """A program's session was ended before its time."""

    TYPE = "access.api_session_ended"
    SENTENCE = Text("结束了程序 {program} 的接口会话", "Ended the API session of {program}")
    member_id: int
    session: str
    program: str


@event
class PasswordChanged(_AboutMember):
    """A member has a new password; all sessions ended."""

    TYPE = "access.password_changed"
    SENTENCE = Text("修改了登录密码", "Changed the password")
    member_id: int


@event
class MemberAdded(_AboutMember):
    """Somebody may log in from now on."""

    TYPE = "access.member_added"
    SENTENCE = Text("新增员工 {name}", "Added {name}")
    member_id: int
    name: str


@event
class MemberSuspended(_AboutMember):
    """Somebody may no longer log in."""

    TYPE = "access.member_suspended"
    SENTENCE = Text("停用员工 {name}", "Suspended {name}")
    member_id: int
    name: str


@event
class SecondFactorEnrolled(_AboutMember):
    """An authenticator was set up."""

    TYPE = "access.second_factor_enrolled"
    SENTENCE = Text("绑定了动态验证码", "Set up the authenticator")
    member_id: int


@event
class SecondFactorPassed(_AboutMember):
    """The second factor was right: at log-in, or for a sensitive action."""

    TYPE = "access.second_factor_passed"
    SENTENCE = Text("通过二次验证（{occasion}）", "Passed the second factor ({occasion})")
    member_id: int
    occasion: str


@event
class SecondFactorFailed(_AboutMember):
    """The second factor was wrong, used before, or missing."""

    TYPE = "access.second_factor_failed"
    SENTENCE = Text("二次验证失败（{occasion}）", "Failed the second factor ({occasion})")
    member_id: int
    occasion: str


@event
class RoleChangeProposed(_AboutMember):
    """Somebody asked for a role to be given or taken."""

    TYPE = "access.role_change_proposed"
    SENTENCE = Text("提议变更角色：{kind} {role}（{reason}）", "Proposed: {kind} {role} ({reason})")
    member_id: int
    kind: str
    role: str
    branch_id: int | None
    reason: str


@event
class RoleChangeDecided(_AboutMember):
    """Another person confirmed or rejected it; both persons are named."""

    TYPE = "access.role_change_decided"
    SENTENCE = Text(
        "角色变更 {kind} {role}：{state}（提议人 {proposed_by}）",
        "Role change {kind} {role}: {state} (proposed by {proposed_by})",
    )
    member_id: int
    kind: str
    role: str
    branch_id: int | None
    state: str
    proposed_by: str


@event
class AbsenceRecorded(_AboutMember):
    """Somebody is away, and perhaps somebody stands in."""

    TYPE = "access.absence_recorded"
    SENTENCE = Text("登记外出，代理人 {delegate_id}", "Recorded an absence, delegate {delegate_id}")
    member_id: int
    delegate_id: int | None
    roles: tuple[str, ...]


@event
class AbsenceEnded(_AboutMember):
    """Somebody is back before the time."""

    TYPE = "access.absence_ended"
    SENTENCE = Text("提前结束外出与代理", "Ended the absence and its delegation")
    member_id: int
    delegate_id: int | None


@event
class Unmasked(Event):
    """A personal value was shown in clear to somebody."""

    TYPE = "access.unmasked"
    SENTENCE = Text("查看了完整的 {field}，理由：{reason}", "Saw {field} in clear, because: {reason}")
    table: str
    field: str
    row_seal: str
    reason: str

    @property
    def subject(self) -> str:
        """The row that was looked at."""
        return f"{self.table}:{self.row_seal}"


@event
class ListExported(Event):
    """A list left the house as a file."""

    TYPE = "access.list_exported"
    SENTENCE = Text("导出「{name}」（{rows} 行）", "Exported “{name}” ({rows} rows)")
    name: str
    rows: int
    filters: str


@event
class KeysRotated(Event):
    """Sealed values were moved to the current key."""

    TYPE = "access.keys_rotated"
    SENTENCE = Text("已将 {rows} 行转用密钥 {key_id}", "Moved {rows} rows to the key {key_id}")
    key_id: str
    rows: int


@event
class CustomerCameIn(Event):
    """A customer gave a right one-time code."""

    TYPE = "access.customer_came_in"
    SENTENCE = Text(
        "客户通过短信验证码进入（{purpose}）", "The customer came in by one-time code ({purpose})"
    )
    for_customer: ClassVar[bool] = True
    CUSTOMER_SENTENCE = Text("您通过短信验证码登录", "You logged in by one-time code")
    purpose: str


@event
class CodeConfirmed(Event):
    """A customer confirmed an act (consent, signature) by one-time code."""

    TYPE = "access.code_confirmed"
    SENTENCE = Text(
        "客户以短信验证码确认 {subject_of}", "The customer confirmed {subject_of} by one-time code"
    )
    purpose: str
    subject_of: str
    challenge: str

    @property
    def subject(self) -> str:
        """What was confirmed."""
        return self.subject_of


@event
class CodesExhausted(Event):
    """A one-time code was guessed at until it died."""

    TYPE = "access.codes_exhausted"
    SENTENCE = Text("验证码多次输错已作废（{purpose}）", "A one-time code died of wrong tries ({purpose})")
    purpose: str


@event
class SessionsRevoked(Event):
    """Customer sessions were ended by a colleague or by the customer."""

    TYPE = "access.sessions_revoked"
    SENTENCE = Text("已注销 {count} 个客户会话", "Ended {count} customer sessions")
    count: int


class _AboutClient(Event):
    """What happened to one API client."""

    client: str

    @property
    def subject(self) -> str:
        """The client."""
        return f"client:{self.client}"


@event
class ClientAdded(_AboutClient):
    """A program may use the API."""

    TYPE = "access.client_added"
    SENTENCE = Text("新增接口客户 {name}", "Added the API client {name}")
    client: str
    name: str
    scopes: tuple[str, ...]
    branch_ids: tuple[int, ...]


@event
class ClientKeyIssued(_AboutClient):
    """A client has a new key; older ones end at the time that was set."""

    TYPE = "access.client_key_issued"
    SENTENCE = Text("为接口客户 {client} 发放新密钥 {key_id}", "Issued the key {key_id} to {client}")
    client: str
    key_id: str


@event
class ClientSuspended(_AboutClient):
    """A program may no longer use the API."""

    TYPE = "access.client_suspended"
    SENTENCE = Text("停用接口客户 {client}", "Suspended the API client {client}")
    client: str
