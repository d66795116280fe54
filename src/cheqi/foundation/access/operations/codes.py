"""One-time codes: six digits by short message, five minutes, five tries, once, for one purpose.

Nobody learns from the answer whether a number or a case exists: an unknown one gets a row (a decoy) like
any other, with the same statements; the code itself goes out from a wake-up, after the answer.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from cheqi import ports
from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.identifiers import check_mobile
from cheqi.core.base.text import Text
from cheqi.core.events.access import CodesExhausted
from cheqi.foundation.access.hooks import CaseDirectory, CodeMessage, CodeSender
from cheqi.foundation.access.models import OneTimeCode, Purpose
from cheqi.foundation.access.operations.throttles import Quota, take
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.privacy import blind

CODE_LIVES_FOR = timedelta(minutes=5)
MAX_TRIES = 5
NUMBER_MINUTE = Quota("code number minute", 1, timedelta(minutes=1))
NUMBER_DAY = Quota("code number day", 10, timedelta(days=1))
ADDRESS_HOUR = Quota("code address", 30, timedelta(hours=1))
ALL_MINUTE = Quota("code all", 600, timedelta(minutes=1))
CONFIRM_HOUR = Quota("code confirm address", 60, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class CodeRequested:
    """A code may be on its way. `challenge` is given back with the code."""

    challenge: UUID
    expires_at: datetime


def request_code(
    *,
    mobile: str,
    purpose: str,
    now: datetime,
    address: str,
    subject: str = "",
    party_id: int | None = None,
) -> CodeRequested | Refused:
    """Sends a code to a number: to log in, or (`party_id`, `subject`) to confirm what was shown.

    The answer does not depend on whether the number is known. Refused as INVALID for what is no number,
    as TOO_MANY beyond one a minute and ten a day for a number, or the limits of address and house. Somebody
    who has just logged in with a code need not wait to confirm something: each purpose counts for itself.
    Raises ValueError for CONSENT or SIGN without subject and party, and for TRACKER.
    """
    kind = Purpose(purpose)
    is_act = kind in {Purpose.CONSENT, Purpose.SIGN}
    is_complete = bool(subject) is is_act and (party_id is not None) is is_act
    if kind is Purpose.TRACKER or not is_complete:
        raise ValueError(f"{kind} does not go with subject {subject!r} and party {party_id!r}")
    if findings := check_mobile(mobile):
        return Refused(RefusalKind.INVALID, findings)
    number = blind.normalised("mobile", mobile)
    who = f"{number} {kind}" if is_act else number
    if (refused := take(_quotas(who, address), now)) is not None:
        return refused
    return _issue(OneTimeCode(purpose=kind, mobile=number, subject=subject, party_id=party_id), now)


def request_tracker_code(
    *, case_number: str, mobile_last4: str, now: datetime, address: str
) -> CodeRequested | Refused:
    """Sends a code to the number of a case, for who names the case and the number's last four digits.

    A wrong pair gets the same answer by the same work, and nothing is sent.
    """
    number = case_number.strip().upper()
    if (refused := take(_quotas(f"case {number}", address), now)) is not None:
        return refused
    case = ports.get(CaseDirectory).find(number, mobile_last4.strip())
    row = OneTimeCode(purpose=Purpose.TRACKER, is_decoy=case is None)
    row.mobile = case.mobile if case else f"+86{secrets.randbelow(10**11):011d}"
    row.party_id, row.case_id = (case.party_id, case.case_id) if case else (None, None)
    return _issue(row, now)


def hand_over(code_id: int, *, now: datetime) -> bool:
    """Sends one code that was asked for; the wake-up calls this. True when there is nothing left to do.

    At least once, always under the same key; afterwards the sealed code is gone, only its digest stays.
    Raises what the sender raises, and is called again.
    """
    row = OneTimeCode.objects.filter(pk=code_id, handed_over_at=None).first()
    if row is None:
        return True
    if not row.is_decoy and row.expires_at > now:
        sent = CodeMessage(
            key=f"code-{row.challenge}",
            purpose=row.purpose,
            mobile=row.mobile,
            code=row.code,
            party_id=row.party_id,
        )
        ports.get(CodeSender).send(sent, now)
    OneTimeCode.objects.filter(pk=row.pk, handed_over_at=None).update(handed_over_at=now, code="")
    return True


def spend(
    challenge: UUID, code: str, *, purposes: Collection[str], now: datetime, address: str
) -> OneTimeCode | Refused:
    """Uses a code up. One answer for a wrong code, a dead one, a decoy and an unknown challenge.

    A try is counted, and stays counted, before the code is compared.
    """
    if (refused := take([(CONFIRM_HOUR, address)], now)) is not None:
        return refused
    with transaction.atomic():
        rows = OneTimeCode.objects.select_for_update().filter(challenge=challenge, purpose__in=purposes)
        row = rows.first()
        is_right = secrets.compare_digest(row.digest if row else "-", _digest(challenge, code))
        if row is not None and row.spent_at is None and row.expires_at > now and row.tries < MAX_TRIES:
            row.tries += 1
            row.spent_at = now if is_right and not row.is_decoy else None
            row.save(update_fields=["tries", "spent_at"])
            if row.spent_at is not None:
                return row
            if row.tries == MAX_TRIES:
                record(CodesExhausted(purpose=row.purpose), actor=SYSTEM, now=now, party_id=row.party_id)
    message = Text(
        "验证码不正确或已失效，请重新获取", "The code is wrong or no longer valid: ask for a new one"
    )
    return refuse(RefusalKind.NOT_ALLOWED, "access.code", message)


def forget_old_codes(now: datetime) -> int:
    """Deletes codes that died a day ago; who confirmed what stays in `Confirmation`. Returns how many."""
    return OneTimeCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


def _quotas(who: str, address: str) -> list[tuple[Quota, str]]:
    return [(NUMBER_MINUTE, who), (NUMBER_DAY, who), (ADDRESS_HOUR, address), (ALL_MINUTE, "all")]


def _issue(row: OneTimeCode, now: datetime) -> CodeRequested:
    row.challenge = uuid4()
    row.code = f"{secrets.randbelow(10**6):06d}"
    row.digest = _digest(row.challenge, row.code)
    row.asked_at, row.expires_at = now, now + CODE_LIVES_FOR
    with transaction.atomic():
        row.save()
        wake("access.hand_over_code", str(row.pk), now=now)
    return CodeRequested(row.challenge, row.expires_at)


def _digest(challenge: UUID, code: str) -> str:
    return blind.index("one-time code", f"{challenge}:{code.strip()}")
