"""`python -m tests.faults.worker_at ISO-TIME`: `cheqi worker`, whose clock began at that moment.

The test's day is not today's, and a lease of three minutes is over for whoever is told that it is later.
"""

import sys
import time
from datetime import datetime, timedelta

import django

if __name__ == "__main__":
    django.setup()
    from cheqi.foundation.jobs.worker import work_until_told

    began_at, began = datetime.fromisoformat(sys.argv[1]), time.monotonic()
    sys.exit(
        work_until_told(
            lambda: began_at + timedelta(seconds=time.monotonic() - began), threads=2, processes=1
        )
    )
