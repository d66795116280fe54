"""The second factor: a code from an authenticator (TOTP, RFC 6238), or a recovery code.

A code works once: the time step of the last accepted one is kept, and only a later one is accepted. A
fresh code is asked again (step-up) before money goes out or data leaves; it is fresh for ten minutes.
"""

import io
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
import segno
from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import SecondFactorEnrolled, SecondFactorFailed, SecondFactorPassed
from cheqi.foundation.access.operations.throttles import Lock, forgive, try_locks
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.privacy import blind
from cheqi.foundation.staff.models import Member, RecoveryCode
from cheqi.foundation.staff.queries import actor_for

CODE_LOCK = Lock("second factor", free=5, pause=timedelta(seconds=30), longest=timedelta(minutes=15))
STEP_SECONDS = 30
RECOVERY_CODES = 10
_RECOVERY_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the member scans. The secret shows nowhere else and never again."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr_svg: str = field(repr=False)

    @property
    def secret_parts(self) -> tuple[str, ...]:
        """The secret in fours, as one types it."""
        return tuple(self.secret[place : place + 4] for place in range(0, len(self.secret), 4))


def begin_totp(member: Member) -> Enrolment | Refused:
    """A new secret for the authenticator; it counts once `confirm_totp` saw a code of it."""
    with transaction.atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        if held.totp_confirmed_at is not None:
            message = Text(
                "已绑定动态验证码，请先由管理员解除", "Already set up: an administrator can reset it"
            )
            return refuse(RefusalKind.NOT_NOW, "staff.totp.enrolled", message)
        held.totp_secret = pyotp.random_base32()
        held.save(update_fields=["totp_secret"])
    uri = pyotp.TOTP(held.totp_secret).provisioning_uri(name=held.login, issuer_name="车契 Cheqi")
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, xmldecl=False)
    return Enrolment(held.totp_secret, uri, out.getvalue().decode())


def confirm_totp(member: Member, *, code: str, now: datetime) -> tuple[str, ...] | Refused:
    """The authenticator is set up; the answer is the recovery codes, shown once and kept as digests."""
    if (refused := _spend(member, code, now, occasion="enrolment", is_enrolling=True)) is not None:
        return refused
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(totp_confirmed_at=now)
        RecoveryCode.objects.filter(member=member).delete()
        RecoveryCode.objects.bulk_create(
            [RecoveryCode(member=member, digest=_digest(member, each)) for each in codes]
        )
        record(SecondFactorEnrolled(member_id=member.pk), actor=actor_for(member, now), now=now)
    return codes


def pass_second_factor(member: Member, *, code: str, now: datetime) -> datetime | Refused:
    """The second half of logging in: a code of the authenticator, or a recovery code. Returns when."""
    refused = _spend(member, code, now, occasion="log_in")
    return refused if refused is not None else now


def step_up(actor: Actor, *, code: str, now: datetime) -> datetime | Refused:
    """A fresh second factor for a sensitive action; the caller keeps the returned time in the session."""
    member = Member.objects.filter(pk=actor.id).first() if actor.is_staff else None
    if member is None:
        message = Text("仅员工可进行二次验证", "Only staff have a second factor")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.step_up", message)
    refused = _spend(member, code, now, occasion="step_up")
    return refused if refused is not None else now


def _spend(
    member: Member, code: str, now: datetime, *, occasion: str, is_enrolling: bool = False
) -> Refused | None:
    """Uses the code up. Refused when it is wrong, used before, or when there were too many tries."""
    if (locked := try_locks([(CODE_LOCK, member.login)], now)) is not None:
        return locked
    with transaction.atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        is_set_up = is_enrolling or held.totp_confirmed_at is not None
        if (
            is_set_up
            and held.is_active
            and (_spend_totp(held, code, now) or _spend_recovery(held, code, now))
        ):
            passed = SecondFactorPassed(member_id=held.pk, occasion=occasion)
            record(passed, actor=actor_for(held, now), now=now)
            forgive(CODE_LOCK, member.login)
            return None
        failed = SecondFactorFailed(member_id=held.pk, occasion=occasion)
        record(failed, actor=actor_for(held, now), now=now)
    message = Text(
        "动态验证码不正确或已使用，请等待下一个", "The code is wrong or used: wait for the next one"
    )
    return refuse(RefusalKind.NOT_ALLOWED, "staff.second_factor", message)


def _spend_totp(held: Member, code: str, now: datetime) -> bool:
    """One step earlier and later is accepted for clocks that differ; never a step that was used."""
    code = code.strip().replace(" ", "")
    if not held.totp_secret or len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    totp = pyotp.TOTP(held.totp_secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    matching = [
        step
        for step in (current - 1, current, current + 1)
        if secrets.compare_digest(totp.generate_otp(step), code) and step > held.totp_last_step
    ]
    if not matching:
        return False
    held.totp_last_step = matching[0]
    held.save(update_fields=["totp_last_step"])
    return True


def _spend_recovery(held: Member, code: str, now: datetime) -> bool:
    rows = RecoveryCode.objects.filter(member=held, digest=_digest(held, code), used_at=None)
    return rows.update(used_at=now) == 1


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _digest(member: Member, code: str) -> str:
    letters = "".join(character for character in code.upper() if character.isalnum())
    return blind.index("recovery code", f"{member.pk}:{letters}")
