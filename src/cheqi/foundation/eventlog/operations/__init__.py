"""Everything that writes to the log, one file a use case."""

from cheqi.foundation.eventlog.operations.person_keys import erase_person
from cheqi.foundation.eventlog.operations.recording import Entry, NotInATransaction, record, record_many

__all__ = ["Entry", "NotInATransaction", "erase_person", "record", "record_many"]
