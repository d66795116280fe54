"""How long a contract takes: typeset, signed by both sides, verified.

`python -m cheqi.foundation.paper.bench` prints the median of ten and the first, cold one;
budgets: typeset 0.5 s, both signatures 2 s.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import django

T = TypeVar("T")


def main() -> None:
    """Measures and prints."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheqi.config.settings")
    django.setup()
    from cheqi import ports
    from cheqi.foundation.paper import samples
    from cheqi.foundation.paper.operations import render
    from cheqi.foundation.paper.places import places_for
    from cheqi.foundation.paper.queries import verify
    from cheqi.foundation.paper.signing import Mark, with_signature
    from cheqi.ports.esign import SigningService, Subject

    service, places, now = ports.get(SigningService), places_for(samples.SIGNATORIES), samples.DRAWN_AT
    service.lender()
    contract = samples.loan_contract()

    def both_sign(pdf: bytes) -> bytes:
        once = service.issue_once(Subject("王小雨", "party-3"), evidence_sha256="0" * 64, now=now)
        customer, lender = (
            Mark("王小雨", "演示", "演示", False),
            Mark(samples.LENDER.name, "演示", "演示", True),
        )
        first = with_signature(pdf, place=places[0], mark=customer, certificate=once, now=now)
        return with_signature(first, place=places[1], mark=lender, certificate=service.lender(), now=now)

    pdf = _measured("contract typeset", 0.5, lambda: render(contract, samples.SIGNATORIES))
    signed = _measured("signed by both sides", 2.0, lambda: both_sign(pdf))
    report = _measured("verified", 1.0, lambda: verify(signed, now=now))
    print(
        f"{len(pdf) // 1024} KiB typeset, {len(signed) // 1024} KiB signed, unchanged: {report.is_unchanged}"
    )


def _measured(what: str, budget_s: float, run: Callable[[], T]) -> T:
    times = []
    for _ in range(11):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    median = statistics.median(times[1:])
    print(f"{what:24} first {times[0]:6.3f} s   median {median:6.3f} s   budget {budget_s} s")
    return result


if __name__ == "__main__":
    main()
