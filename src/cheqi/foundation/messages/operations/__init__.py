"""Everything that writes to messages, one file a use case."""

from cheqi.foundation.messages.operations.delivery_reports import take_report
from cheqi.foundation.messages.operations.driving import drive
from cheqi.foundation.messages.operations.planning import KeyBelongsToAnother, send
from cheqi.foundation.messages.operations.preferring import choose, unsubscribe
from cheqi.foundation.messages.operations.reading import mark_read
from cheqi.foundation.messages.operations.redriving import discard, redrive, wake_forgotten

__all__ = [
    "KeyBelongsToAnother",
    "choose",
    "discard",
    "drive",
    "mark_read",
    "redrive",
    "send",
    "take_report",
    "unsubscribe",
    "wake_forgotten",
]
