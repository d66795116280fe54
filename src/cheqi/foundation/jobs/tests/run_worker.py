"""`python -m cheqi.foundation.jobs.tests.run_worker`: `cheqi worker` with the tests' tasks known."""

import sys

import django

from cheqi.config.cli import main

if __name__ == "__main__":
    django.setup()
    import cheqi.foundation.jobs.tests.examples  # noqa: F401 (registers)

    sys.exit(main(["worker", *sys.argv[1:]]))
