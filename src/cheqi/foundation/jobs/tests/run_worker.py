"""`python -m cheqi.foundation.jobs.tests.run_worker THREADS`: a worker that knows the tests' tasks."""

import sys
from datetime import UTC, datetime

import django

if __name__ == "__main__":
    django.setup()
    import cheqi.foundation.jobs.tests.examples  # noqa: F401 (registers)
    from cheqi.foundation.jobs.worker import work_until_told

    sys.exit(work_until_told(lambda: datetime.now(UTC), threads=int(sys.argv[1]), processes=1))
