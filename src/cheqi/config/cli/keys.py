"""`cheqi keys`: list sealing keys, or add one and move every sealed value to it."""

import argparse
import sys
from datetime import UTC, datetime

import django

HELP = "list sealing keys, or rotate them: a new key, and every sealed value moves to it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`list` shows ids only; `rotate --no-new-key` finishes a rotation that was stopped."""
    parser.add_argument("action", choices=["list", "rotate"])
    parser.add_argument("--no-new-key", action="store_true", help="move values to the current key only")


def run(arguments: argparse.Namespace) -> int:
    """0 done; 1 where keys are made elsewhere or a value does not open."""
    django.setup()
    from cheqi import ports
    from cheqi.foundation.eventlog.operations.person_keys import rewrap_keys
    from cheqi.foundation.privacy.operations import UnableToRotate, rotate
    from cheqi.ports.keys import KeyProvider, UnableToAddKey

    keys = ports.get(KeyProvider)
    if arguments.action == "list":
        keys.current()
        for key_id in keys.ids():
            print(f"{key_id}  current" if key_id == keys.current().id else key_id)
        return 0
    try:
        if not arguments.no_new_key:
            keys.add()
        done = rotate(datetime.now(UTC))
        persons = rewrap_keys()
    except (UnableToAddKey, UnableToRotate) as error:
        print(f"keys rotate: {error}", file=sys.stderr)
        return 1
    print(f"{done.rows_moved} of {done.rows_seen} rows moved to the key {done.key_id}")
    print(f"{persons} log keys of persons moved to it")
    return 0
