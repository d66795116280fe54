"""What somebody searched for, kept for a quarter of an hour in their own session and nowhere else.

A search is posted and answered with an address that holds a random word instead of the text, so that an ID
number or a mobile stays out of addresses, histories, `Referer` headers and the logs of servers in between.
The session holds the text sealed. Reloading the page and coming back to it work until the time is over.
"""

import secrets
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from cheqi.foundation.privacy import box

KEY = "asked"
LASTS = timedelta(minutes=15)
MOST = 10
LONGEST = 40


def keep(session: SessionBase, text: str, *, now: datetime, word: str = "") -> str:
    """Keeps what was asked for and gives the word for it; the oldest of ten makes room."""
    word = word or secrets.token_urlsafe(9)
    sealed = box.seal_text(text, context=_context(word))
    held = {each: one for each, one in session.get(KEY, {}).items() if _counts(one, now)}
    oldest_first = sorted(held.items(), key=lambda one: str(one[1]["at"]))
    session[KEY] = {**dict(oldest_first[-MOST + 1 :]), word: {"text": sealed, "at": now.isoformat()}}
    return word


def kept(session: SessionBase, word: str, *, now: datetime) -> str | None:
    """What was asked for under a word; None when the time is over, or for a word of somebody else's."""
    one = session.get(KEY, {}).get(word)
    if one is None or not _counts(one, now):
        return None
    return box.unseal_text(one["text"], context=_context(word))


def asked_text(text: str) -> str:
    """What was typed, as far as it is looked at."""
    return text.strip()[:LONGEST]


def _counts(one: dict[str, str], now: datetime) -> bool:
    return timedelta(0) <= now - datetime.fromisoformat(one["at"]) < LASTS


def _context(word: str) -> str:
    return f"desk.asked.{word}"
