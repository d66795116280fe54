"""Everything that the demo has, in one call: lender, second factors, history, and a customer in each state.

>>> load_demo(datetime.now(UTC))                                            # doctest: +SKIP
(Loaded(cases=644, open=60, events=34863, promises=6422), 6)
"""

from datetime import datetime

from cheqi.demo.history import Loaded, load_history
from cheqi.demo.lender import found_lender
from cheqi.demo.second_factors import enrol
from cheqi.demo.showcases import load_showcases
from cheqi.demo.since import exist_for_months


def load_demo(now: datetime, *, cases: int = 600) -> tuple[Loaded, int]:
    """Loads what is not there yet: what came of the history, and how many showcases were walked."""
    lender = found_lender(now)
    enrol(lender.members, now)
    exist_for_months(lender, now)
    return load_history(lender, cases=cases, now=now), load_showcases(lender, now=now)
