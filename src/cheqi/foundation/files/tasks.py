"""The turns of the housekeeping: one folder of 256 each five minutes, half-written files each hour."""

from datetime import datetime, timedelta

from cheqi import ports
from cheqi.foundation.files.operations import TURN, folder_of_turn, tidy_folder
from cheqi.foundation.jobs.registry import sweep
from cheqi.ports.file_store import FileStore

HALF_WRITTEN = timedelta(hours=1)


@sweep("files.orphans", every=TURN)
def orphans(*, now: datetime) -> int:
    """Sets aside what no row names in the folder whose turn it is."""
    return tidy_folder(folder_of_turn(now), now=now).total


@sweep("files.half_written", every=timedelta(hours=1))
def half_written(*, now: datetime) -> int:
    """Removes what a killed process left half written more than an hour ago."""
    return ports.get(FileStore).sweep(HALF_WRITTEN.total_seconds(), now.timestamp())
