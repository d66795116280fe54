"""The operations of the ports that we have, and how their requests and answers become bytes.

DTOs are frozen dataclasses; msgspec writes and reads them by their types, so a row from last year reads
as long as its fields exist.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from cheqi import ports
from cheqi.foundation.exchanges.registry import Operation, register
from cheqi.ports.credit_bureau import CreditBureau, CreditEnquiry, CreditReport
from cheqi.ports.payments import (
    Mandate,
    MandateRequest,
    MandateState,
    PayeeAnswer,
    PayeeCheck,
    PaymentGateway,
    PaymentState,
    PaymentStatus,
    PayOut,
)
from cheqi.ports.pushes import BankPushes, PushReader, SmsPushes, VehicleRegistryPushes
from cheqi.ports.vehicle_registry import FilingStatus, LienFiling, VehicleRegistry

PUSH_READERS: dict[str, type[PushReader]] = {
    "vehicle_registry": VehicleRegistryPushes,
    "payments": BankPushes,
    "sms": SmsPushes,
}

_PAYMENT_ORDER = (PaymentState.ACCEPTED, PaymentState.SETTLED, PaymentState.RETURNED)


def to_bytes(value: Any) -> bytes:
    """A DTO as JSON."""
    return msgspec.json.encode(value)


def from_bytes(raw: bytes, kind: type[Any]) -> Any:
    """The DTO again. Raises msgspec.ValidationError for bytes of another kind."""
    return msgspec.json.decode(raw, type=kind)


def _filing_progress(status: FilingStatus) -> tuple[bool, int]:
    return bool(status.failure), int(status.state)


def register_all() -> None:
    """Registers what the ports offer. Adapters are looked up when a call is made, not before."""
    register(
        Operation(
            "credit_bureau",
            "enquire",
            CreditEnquiry,
            CreditReport,
            send=lambda enquiry: ports.get(CreditBureau).enquire(enquiry),
            ask=lambda key: ports.get(CreditBureau).ask(key),
        )
    )
    filings: dict[str, Callable[[LienFiling], FilingStatus]] = {
        "register_lien": lambda filing: ports.get(VehicleRegistry).register_lien(filing),
        "release_lien": lambda filing: ports.get(VehicleRegistry).release_lien(filing),
    }
    for name, send in filings.items():
        register(
            Operation(
                "vehicle_registry",
                name,
                LienFiling,
                FilingStatus,
                send=send,
                ask=lambda key: ports.get(VehicleRegistry).ask(key),
                is_final=lambda status: status.is_settled,
                progress=_filing_progress,
            )
        )
    _register_payments()


def _register_payments() -> None:
    register(
        Operation(
            "payments",
            "verify_payee",
            PayeeCheck,
            PayeeAnswer,
            send=lambda check: ports.get(PaymentGateway).verify_payee(check),
        )
    )
    register(
        Operation(
            "payments",
            "create_mandate",
            MandateRequest,
            Mandate,
            send=lambda request: ports.get(PaymentGateway).create_mandate(request),
            ask=lambda key: ports.get(PaymentGateway).ask_mandate(key),
            is_final=lambda mandate: mandate.state is not MandateState.PENDING,
        )
    )
    register(
        Operation(
            "payments",
            "pay_out",
            PayOut,
            PaymentStatus,
            send=lambda instruction: ports.get(PaymentGateway).pay_out(instruction),
            ask=lambda key: ports.get(PaymentGateway).ask(key),
            is_final=lambda status: status.is_final,
            progress=lambda status: _PAYMENT_ORDER.index(status.state),
        )
    )


register_all()
