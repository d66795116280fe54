"""A process of its own that drives one row, for tests that kill it.

`python -m tests.outside.child exchanges ID ISO-TIME` says `driving` and drives that exchange once;
`messages` instead of `exchanges` a message.
"""

import importlib
import sys
from datetime import datetime

import django


def main() -> None:
    """Drives one row once."""
    django.setup()
    operations = importlib.import_module(f"cheqi.foundation.{sys.argv[1]}.operations")
    sys.stdout.write("driving\n")
    sys.stdout.flush()
    operations.drive(int(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]))


if __name__ == "__main__":
    main()
