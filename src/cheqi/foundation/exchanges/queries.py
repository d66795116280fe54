"""What people see of the talk with outside systems: what gave up, and how each system is doing."""

from dataclasses import dataclass
from datetime import datetime

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.text import Text
from cheqi.foundation.exchanges.choices import CircuitState, ExchangeState
from cheqi.foundation.exchanges.models import Circuit, Exchange

ROLES = ("admin", "operations_manager")
TITLES: dict[str, Text] = {
    "credit_bureau.enquire": Text("征信查询", "Credit enquiry"),
    "payments.verify_payee": Text("收款户名核验", "Payee check"),
    "payments.create_mandate": Text("代扣签约", "Auto-debit mandate"),
    "payments.pay_out": Text("付款", "Payout"),
    "vehicle_registry.register_lien": Text("抵押登记", "Lien registration"),
    "vehicle_registry.release_lien": Text("解除抵押", "Lien release"),
}
ADVICE: dict[ExchangeState, Text] = {
    ExchangeState.WAITING: Text("马上会自动发出，无需操作。", "It is sent by itself in a moment."),
    ExchangeState.UNKNOWN: Text(
        "对方没有回音，系统会先查询结果再决定是否重发，请勿在系统外重复办理。",
        "There was no word. The outcome is asked for before anything is sent again; do not do it elsewhere.",
    ),
    ExchangeState.SENT: Text(
        "对方已受理，系统会按时查询结果，无需操作。", "It was accepted; the result is asked for by itself."
    ),
    ExchangeState.DONE: Text("对方已答复。", "It was answered."),
    ExchangeState.FAILED: Text("对方拒绝了请求，请按说明处理。", "It was declined; see the reason."),
    ExchangeState.DEAD: Text(
        "多次尝试没有成功，需要运营经理处理。",
        "It gave up after several tries; a manager decides.",
    ),
    ExchangeState.DISCARDED: Text(
        "这个请求已放弃，不会再发送。请决定这件申请如何继续。",
        "This was given up and is not sent again. Decide how the application goes on.",
    ),
}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An exchange that gave up. `is_outcome_known` is False when it may have been carried out."""

    id: int
    port: str
    operation: str
    key: str
    case_id: int | None
    attempts: int
    code: str
    reason: str
    is_outcome_known: bool
    died_at: datetime | None


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """How one outside system is doing. `retry_at` is set while nobody calls it."""

    port: str
    state: CircuitState
    failures: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """One request to the outside as the page of its case shows it: no payload, no answer."""

    id: int
    port: str
    operation: str
    key: str
    state: ExchangeState
    attempts: int
    next_try_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    reason: str

    @property
    def title(self) -> Text:
        """What was asked for, in words."""
        return TITLES.get(f"{self.port}.{self.operation}", Text(self.operation, self.operation))

    @property
    def advice(self) -> Text:
        """What happens next, and what a person can do."""
        return ADVICE[self.state]

    @property
    def is_dead(self) -> bool:
        """It gave up and waits for a person."""
        return self.state == ExchangeState.DEAD


def of_case(case_id: int, actor: Actor) -> tuple[ExchangeView, ...]:
    """The requests of a case, newest first, to a colleague who has just been shown that case. One statement.

    The caller has applied the case's own scope; nobody but colleagues sees any.
    """
    if not actor.is_staff:
        return ()
    rows = Exchange.objects.filter(case_id=case_id).defer("payload", "answer").order_by("-id")
    return tuple(
        ExchangeView(
            row.pk,
            row.port,
            row.operation,
            row.key,
            ExchangeState(row.state),
            row.attempts,
            row.next_try_at,
            row.created_at,
            row.finished_at,
            row.reason,
        )
        for row in rows
    )


def may_see(actor: Actor) -> bool:
    """Dead letters are of all branches: who sees everything or runs operations may."""
    return actor.scope.everything or may_handle(actor)


def may_handle(actor: Actor) -> bool:
    """Trying again has outside effects: the system, administrators and operations managers may."""
    return actor.kind is ActorKind.SYSTEM or (actor.is_staff and actor.has_role(*ROLES))


def dead_letters(actor: Actor, *, limit: int = 200) -> tuple[DeadLetter, ...]:
    """What gave up, the newest first; nothing for those who may not see it. One statement."""
    if not may_see(actor):
        return ()
    rows = Exchange.objects.filter(state=ExchangeState.DEAD).defer("payload", "answer")
    return tuple(
        DeadLetter(
            row.pk,
            row.port,
            row.operation,
            row.key,
            row.case_id,
            row.attempts,
            row.code,
            row.reason,
            row.died_in == ExchangeState.WAITING,
            row.finished_at,
        )
        for row in rows.order_by("-finished_at", "-id")[:limit]
    )


def systems(actor: Actor) -> tuple[SystemHealth, ...]:
    """Every outside system that ever failed, by name; nothing for those who may not see it."""
    if not may_see(actor):
        return ()
    return tuple(
        SystemHealth(row.port, CircuitState(row.state), row.failures, row.retry_at)
        for row in Circuit.objects.order_by("port")
    )
