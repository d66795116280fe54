"""`cheqi backup FOLDER`: rows, files and keys of this installation in one folder that proves itself.

The passphrase of the keys comes from CHEQI_BACKUP_PASSPHRASE or is asked for. `--verify` looks at a backup
that exists and changes nothing.
"""

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from cheqi.foundation.backup.databases import UnableToCopy, database_of
from cheqi.foundation.backup.operations import (
    Installation,
    UnableToBackUp,
    UnableToRestore,
    back_up,
    verify,
)

HELP = "copy rows, files and keys into a folder, or verify such a folder"
MIN_PASSPHRASE_CHARS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and what to leave out."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verify", action="store_true", help="only check the backup in FOLDER")
    parser.add_argument(
        "--without-keys", action="store_true", help="leave the keys out: they are kept elsewhere"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 done, 1 not made or not sound."""
    try:
        if arguments.verify:
            held = verify(arguments.folder)
            print(f"sound: {len(held.entries)} files of {held.made_at}, {held.database}")
            return 0
        phrase = None if arguments.without_keys else passphrase(is_new=True)
        made = back_up(installation(), arguments.folder, passphrase=phrase, now=datetime.now(UTC))
    except (UnableToBackUp, UnableToRestore, UnableToCopy, ValueError) as error:
        print(f"backup: {error}", file=sys.stderr)
        return 1
    kept = (
        "with keys" if made.has_keys else "without keys: keep them safe elsewhere, nothing opens without them"
    )
    print(f"{arguments.folder}: {len(made.entries)} files, {kept}")
    return 0


def installation() -> Installation:
    """Where this installation has its things. CHEQI_KEYS is not ours to copy; the key folder holds more."""
    database = database_of(settings.DATABASES["default"])
    return Installation(database, Path(settings.MEDIA_ROOT), settings.CHEQI_HOME / "keys")


def passphrase(*, is_new: bool) -> str:
    """From the environment, else asked for on the terminal. Raises ValueError where it is too short."""
    given = os.environ.get("CHEQI_BACKUP_PASSPHRASE") or getpass.getpass("Passphrase of the keys: ")
    if is_new and len(given) < MIN_PASSPHRASE_CHARS:
        raise ValueError(f"a passphrase has at least {MIN_PASSPHRASE_CHARS} characters")
    return given
