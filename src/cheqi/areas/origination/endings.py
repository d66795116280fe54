"""A case that ends without a loan leaves no contract behind that somebody could still sign."""

from datetime import datetime

from cheqi.areas.origination.operations.ending import void_contract
from cheqi.core.events.process import CaseClosed
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.subscribers import subscribe


@subscribe("origination.endings", CaseClosed)
def case_closed(logged: Logged, *, now: datetime) -> None:
    """Voids what was prepared; nothing happens for a disbursed case, whose agreement is in force."""
    if logged.case_id is not None and isinstance(logged.event, CaseClosed):
        void_contract(case_id=logged.case_id, reason=logged.event.title, now=now)
