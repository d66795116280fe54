"""`cheqi restore FOLDER`: puts a backup back. Stop web server and worker first."""

import argparse
import sys
from pathlib import Path

from cheqi.config.cli.backup import installation, passphrase
from cheqi.foundation.backup.databases import UnableToCopy
from cheqi.foundation.backup.operations import UnableToRestore, restore, verify

HELP = "put a backup back; refuses over an installation that has content"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and whether what is here may be replaced."""
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--replace", action="store_true", help="replace the rows, files and keys that are here"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 done, 1 refused: then nothing was changed."""
    try:
        held = verify(arguments.folder)
        phrase = passphrase(is_new=False) if held.has_keys else None
        restore(installation(), arguments.folder, passphrase=phrase, replace=arguments.replace)
    except (UnableToRestore, UnableToCopy) as error:
        print(f"restore: {error}", file=sys.stderr)
        return 1
    print(f"restored {len(held.entries)} files of {held.made_at}")
    return 0
