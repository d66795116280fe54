"""`python -m cheqi.foundation.eventlog.bench`: how fast the log is, on a database of its own. It prints.

Events are logged in transactions of 500 about 100 cases and sealed once a second's worth is there; then
proofs of a tree of 100,000 leaves are made one by one, and single events with a commit each.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

import django

EVENTS = 20_000
LEAVES = 100_000
BATCH = 500
PROOFS = 4_000
SINGLES = 1_000


def main() -> None:
    """Makes a scratch database, measures, prints, and drops it."""
    with tempfile.TemporaryDirectory() as folder:
        address = os.environ.get("CHEQI_DATABASE_URL", "")
        if not address.startswith("postgres"):
            os.environ["CHEQI_DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
        django.setup()
        from django.db import connection
        from django.test.utils import setup_databases, teardown_databases

        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = (
            f"{folder}/scratch.sqlite3" if "/" in name else f"bench_{name}"
        )
        made = setup_databases(verbosity=0, interactive=False)
        try:
            measure(connection.vendor)
        finally:
            teardown_databases(made, verbosity=0)


def measure(vendor: str) -> None:
    """Prints one line a figure."""
    from django.db import transaction

    from cheqi.core.base.actors import SYSTEM
    from cheqi.foundation.eventlog.operations import Entry, record, record_many, seal
    from cheqi.foundation.eventlog.queries import consistency_proof, inclusion_proof, sealed_size
    from cheqi.foundation.eventlog.tests.examples import DoorOpened
    from cheqi.foundation.eventlog.tree import Prover

    now, rng = datetime.now(UTC), random.Random(1)  # noqa: S311 (which proofs to make)

    def log(count: int) -> None:
        for start in range(0, count, BATCH):
            entries = [
                Entry(event=DoorOpened(door=n), case_id=1 + n % 100) for n in range(start, start + BATCH)
            ]
            with transaction.atomic():
                record_many(entries, actor=SYSTEM, now=now)

    def log_and_seal() -> None:
        for _ in range(EVENTS // 5_000):
            log(5_000)
            seal(now)

    def log_singly() -> None:
        for n in range(SINGLES):
            with transaction.atomic():
                record(DoorOpened(door=n), actor=SYSTEM, now=now, case_id=n)

    say(vendor, "events logged and sealed", EVENTS, log_and_seal)
    say(vendor, "single events, one commit each", SINGLES, log_singly)
    log(LEAVES - EVENTS - SINGLES)
    unsealed = LEAVES - sealed_size()
    say(vendor, "events sealed", unsealed, lambda: [seal(now, limit=unsealed)])
    size = sealed_size()
    shared = Prover()
    places = [rng.randrange(size) for _ in range(PROOFS)]
    for how, make in (("each alone", Prover), ("one prover", lambda: shared)):
        say(
            vendor,
            f"inclusion proofs at {size:,}, {how}",
            PROOFS,
            lambda make=make: [inclusion_proof(at, size, prover=make()) for at in places],  # type: ignore[misc]
        )
        say(
            vendor,
            f"consistency proofs at {size:,}, {how}",
            PROOFS,
            lambda make=make: [consistency_proof(at + 1, size, prover=make()) for at in places],  # type: ignore[misc]
        )


def say(vendor: str, what: str, count: int, run: Callable[[], object]) -> None:
    """Times `run` and prints how many a second."""
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    print(f"{vendor:<11}{what:<44}{count / seconds:>10,.0f} /s{seconds:>9.2f} s", flush=True)


if __name__ == "__main__":
    main()
