"""`python -m cheqi.foundation.eventlog.bench`: how fast the log is, on a database of its own. It prints.

Events are logged in transactions of 500 about 100 cases and sealed once a second's worth is there; then
proofs of a tree of 100,000 leaves are made one by one, and single events with a commit each.
"""

import os
import random
import tempfile
import threading
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
            measure_latency(connection.vendor)
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


def measure_latency(vendor: str) -> None:
    """Prints the longest time from an event's commit to its seal while a worker runs beside the writer."""
    from django.db import transaction

    from cheqi.core.base.actors import SYSTEM
    from cheqi.foundation.eventlog.models import Checkpoint, EventRow
    from cheqi.foundation.eventlog.operations import record
    from cheqi.foundation.eventlog.tests.examples import DoorOpened
    from cheqi.foundation.jobs.worker import Worker

    stop, ids = threading.Event(), []
    worker = threading.Thread(target=Worker(stop, clock, threads=1, processes=0).run)
    worker.start()
    for n in range(30):
        with transaction.atomic():
            ids.append(record(DoorOpened(door=n), actor=SYSTEM, now=clock(), case_id=n).id)
        time.sleep(0.21)
    while EventRow.objects.filter(sequence__isnull=True).exists():
        time.sleep(0.1)
    stop.set()
    worker.join()
    seals = list(Checkpoint.objects.order_by("tree_size").values_list("tree_size", "sealed_at"))
    waits = [
        min(at for size, at in seals if size > (row.sequence or 0)) - row.recorded_at
        for row in EventRow.objects.filter(pk__in=ids)
    ]
    print(f"{vendor:<11}{'longest from commit to seal (of 30)':<44}{max(waits).total_seconds():>10.2f} s")


def clock() -> datetime:
    """Real time."""
    return datetime.now(UTC)


def say(vendor: str, what: str, count: int, run: Callable[[], object]) -> None:
    """Times `run` and prints how many a second."""
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    print(f"{vendor:<11}{what:<44}{count / seconds:>10,.0f} /s{seconds:>9.2f} s", flush=True)


if __name__ == "__main__":
    main()
