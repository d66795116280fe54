"""Second factors of the demo people: fixed secrets, so that `cheqi demo code LOGIN` can stand in for a phone.

Everybody can know them; that is why they exist in the demo only. The lender's real people enrol their own.
"""

import base64
import hashlib
from datetime import datetime

import pyotp

from cheqi.demo.lender import PEOPLE
from cheqi.foundation.staff.models import Member


def secret_of(login: str) -> str:
    """The secret of a demo member, the same at every installation."""
    return base64.b32encode(hashlib.sha256(f"cheqi demo {login}".encode()).digest()[:20]).decode()


def code_of(login: str, now: datetime) -> str:
    """The code that an authenticator would show now. Raises KeyError for nobody of the demo."""
    if login not in {one[0] for one in PEOPLE}:
        raise KeyError(login)
    return pyotp.TOTP(secret_of(login)).at(now)


def enrol(members: dict[str, Member], now: datetime) -> int:
    """Enrols those who have no second factor yet; one who enrolled a phone of their own keeps it."""
    waiting = [login for login, one in members.items() if one.totp_confirmed_at is None]
    for login in waiting:
        member = members[login]
        member.totp_secret, member.totp_confirmed_at = secret_of(login), now
        member.save(update_fields=["totp_secret", "totp_confirmed_at"])
    return len(waiting)
