"""A process of its own that drives exchanges, for tests that kill it.

`python -m tests.outside.child ID ISO-TIME` says `driving` and drives the exchange once.
"""

import sys
from datetime import datetime

import django


def main() -> None:
    """Drives one exchange once."""
    django.setup()
    from cheqi.foundation.exchanges.operations import drive

    sys.stdout.write("driving\n")
    sys.stdout.flush()
    drive(int(sys.argv[1]), now=datetime.fromisoformat(sys.argv[2]))


if __name__ == "__main__":
    main()
