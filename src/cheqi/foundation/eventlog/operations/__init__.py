"""Everything that writes to the log, one file a use case."""

from cheqi.foundation.eventlog.operations.bundling import evidence_bundle, public_key
from cheqi.foundation.eventlog.operations.drafting import draft
from cheqi.foundation.eventlog.operations.person_keys import erase_person
from cheqi.foundation.eventlog.operations.recording import Entry, NotInATransaction, record, record_many
from cheqi.foundation.eventlog.operations.sealing import LogWasAltered, Sealed, seal

__all__ = [
    "Entry",
    "LogWasAltered",
    "NotInATransaction",
    "Sealed",
    "draft",
    "erase_person",
    "evidence_bundle",
    "public_key",
    "record",
    "record_many",
    "seal",
]
