"""Sets files aside that no row names, and forgets them a month later.

Such a file is what a crash between keeping pages and writing their rows leaves. A young file is left
alone: its row may be on the way. Setting aside is harmless: whoever puts or opens the content brings it back,
and a file aside that a row names is put back before anything is forgotten. So a worker that was started on
the wrong database costs nothing that lasts.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheqi import ports
from cheqi.foundation.files.references import referred
from cheqi.ports.file_store import FileStore

YOUNG = timedelta(days=1)
KEPT_ASIDE = timedelta(days=30)
FOLDERS = 256
TURN = timedelta(minutes=5)
logger = logging.getLogger("cheqi.files")


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done with the files of one folder."""

    set_aside: int = 0
    brought_back: int = 0
    forgotten: int = 0

    @property
    def total(self) -> int:
        """All that was moved or forgotten."""
        return self.set_aside + self.brought_back + self.forgotten


def folder_of_turn(now: datetime) -> str:
    """The folder whose turn it is: all 256 within 21 hours and 20 minutes.

    >>> from datetime import UTC
    >>> folder_of_turn(datetime(2026, 12, 1, 0, 0, tzinfo=UTC))
    'c0'
    """
    return f"{int(now.timestamp() // TURN.total_seconds()) % FOLDERS:02x}"


def tidy_folder(prefix: str, *, now: datetime) -> Tidied:
    """Looks at the files whose keys begin with `prefix`; says in the log what was done."""
    store, moment = ports.get(FileStore), now.timestamp()
    old = {key for key, put_s in store.kept(prefix).items() if moment - put_s > YOUNG.total_seconds()}
    aside = store.aside(prefix)
    if not old and not aside:
        return Tidied()
    named = referred(prefix)
    orphans = old - named
    for key in sorted(orphans):
        store.set_aside(key, moment)
    back = sorted(aside.keys() & named)
    for key in back:
        store.open(key)
    gone = [
        key
        for key, since_s in sorted(aside.items())
        if key not in named and moment - since_s > KEPT_ASIDE.total_seconds()
    ]
    for key in gone:
        store.delete(key)
    done = Tidied(len(orphans), len(back), len(gone))
    if done.total:
        logger.warning(
            "files %s…: %d that no row names set aside, %d brought back, %d forgotten after %d days",
            *(prefix, done.set_aside, done.brought_back, done.forgotten, KEPT_ASIDE.days),
        )
    return done
