"""A bank that answers as the test says, and the requests that tests make."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cheqi.ports.payments import (
    Mandate,
    MandateRequest,
    PayeeAnswer,
    PayeeCheck,
    PayeeVerdict,
    PaymentState,
    PaymentStatus,
    PayOut,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def a_pay_out(key: str = "pay-1", amount_fen: int = 5_000_000) -> PayOut:
    return PayOut(key, amount_fen, "6222020000000018", "安心汽车销售有限公司")


def settled(key: str = "pay-1", state: PaymentState = PaymentState.SETTLED) -> PaymentStatus:
    return PaymentStatus(key, state, f"B-{key}", 5_000_000)


@dataclass
class FakeBank:
    """Plays one step of its script at each call; an exception in the script is raised."""

    script: list[object] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    during: Callable[[], None] | None = None

    def _next(self, call: str) -> object:
        self.calls.append(call)
        if self.during:
            self.during()
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def pay_out(self, instruction: PayOut) -> PaymentStatus:
        step = self._next(f"pay {instruction.key} {instruction.amount_fen}")
        assert isinstance(step, PaymentStatus)
        return step

    def ask(self, key: str) -> PaymentStatus | None:
        step = self._next(f"ask {key}")
        assert step is None or isinstance(step, PaymentStatus)
        return step

    def verify_payee(self, check: PayeeCheck) -> PayeeAnswer:
        self._next(f"verify {check.key}")
        return PayeeAnswer(check.key, PayeeVerdict.MATCH, "V1")

    def create_mandate(self, request: MandateRequest) -> Mandate:
        raise NotImplementedError

    def ask_mandate(self, key: str) -> Mandate | None:
        raise NotImplementedError
