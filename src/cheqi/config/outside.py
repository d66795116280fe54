"""The outside systems of this installation: where they are, and the secret we share with them.

All from the environment: `CHEQI_CREDIT_BUREAU_URL`, `CHEQI_VEHICLE_REGISTRY_URL`, `CHEQI_PAYMENTS_URL`,
`CHEQI_SMS_URL`, each with `…_SECRET`, and `CHEQI_PARTNER_CLIENT_ID`. What is not set is a simulator on this
machine, and the secret is one that was made for this home, so a forged push is refused by default too.
The simulators listen on the ports from `CHEQI_SIMULATORS_FROM` on (8101).
"""

import itertools
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cheqi.adapters.credit_bureau.client import HttpCreditBureau
from cheqi.adapters.mail.client import MailAccount, SmtpMailGateway
from cheqi.adapters.payments import client as payments
from cheqi.adapters.sms import client as sms
from cheqi.adapters.vehicle_registry import client as vehicle_registry
from cheqi.adapters.wire.http_client import Account
from cheqi.config.environment import flag
from cheqi.ports import bind
from cheqi.ports.credit_bureau import CreditBureau
from cheqi.ports.mail import MailGateway
from cheqi.ports.payments import PaymentGateway
from cheqi.ports.pushes import BankPushes, SmsPushes, VehicleRegistryPushes
from cheqi.ports.sms import SmsGateway
from cheqi.ports.vehicle_registry import VehicleRegistry

PUSH_PATH = "/api/v1/pushes"
SIMULATED = ("credit_bureau", "vehicle_registry", "payments", "sms", "mail")
SIMULATED_PORTS = dict(zip(SIMULATED, itertools.count(int(os.environ.get("CHEQI_SIMULATORS_FROM", "8101")))))
SMTP_PORT = int(os.environ.get("CHEQI_SMTP_PORT", "1025"))


def home() -> Path:
    """Where this installation keeps its data."""
    return Path(os.environ.get("CHEQI_HOME", "var")).resolve()


def secret_for(system: str) -> bytes:
    """The secret shared with one system: its own, the common one, or the one made for this home."""
    for name in (f"CHEQI_{system.upper()}_SECRET", "CHEQI_PARTNER_SECRET"):
        if given := os.environ.get(name):
            return given.encode()
    return _kept_secret(home() / "keys" / "partner")


def account_for(system: str) -> Account:
    """Our account at one system."""
    default = f"http://127.0.0.1:{SIMULATED_PORTS[system]}"
    return Account(
        base_url=os.environ.get(f"CHEQI_{system.upper()}_URL", default),
        client_id=os.environ.get("CHEQI_PARTNER_CLIENT_ID", "cheqi"),
        secret=secret_for(system),
    )


def mail_account() -> MailAccount:
    """The mail server that takes our mail."""
    return MailAccount(
        host=os.environ.get("CHEQI_SMTP_HOST", "127.0.0.1"),
        port=SMTP_PORT,
        sender=os.environ.get("CHEQI_MAIL_FROM", "notice@cheqi.invalid"),
        user=os.environ.get("CHEQI_SMTP_USER", ""),
        password=os.environ.get("CHEQI_SMTP_PASSWORD", ""),
        use_tls=flag("CHEQI_SMTP_TLS", default=False),
        authorities=os.environ.get("CHEQI_SMTP_CA", ""),
    )


def bind_outside() -> None:
    """Binds the five ports and the three push readers. Nothing connects before its first use."""
    bind(CreditBureau, lambda: HttpCreditBureau(account_for("credit_bureau")))
    bind(VehicleRegistry, lambda: vehicle_registry.HttpVehicleRegistry(account_for("vehicle_registry")))
    bind(PaymentGateway, lambda: payments.HttpBank(account_for("payments")))
    bind(SmsGateway, lambda: sms.HttpSmsGateway(account_for("sms")))
    bind(MailGateway, lambda: SmtpMailGateway(mail_account()))
    bind(
        VehicleRegistryPushes,
        lambda: vehicle_registry.push_reader(
            secret_for("vehicle_registry"), path=f"{PUSH_PATH}/vehicle_registry"
        ),
    )
    bind(BankPushes, lambda: payments.push_reader(secret_for("payments"), path=f"{PUSH_PATH}/payments"))
    bind(SmsPushes, lambda: sms.push_reader(secret_for("sms"), path=f"{PUSH_PATH}/sms"))


def _kept_secret(path: Path) -> bytes:
    """Made once, whole or not at all, also when several processes start together."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
