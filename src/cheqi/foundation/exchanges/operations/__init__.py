"""Everything that writes to exchanges, one file a use case."""

from cheqi.foundation.exchanges.operations.asking import KeyBelongsToAnother, ask
from cheqi.foundation.exchanges.operations.driving import drive
from cheqi.foundation.exchanges.operations.receiving import receive
from cheqi.foundation.exchanges.operations.redriving import discard, redrive, wake_forgotten

__all__ = ["KeyBelongsToAnother", "ask", "discard", "drive", "receive", "redrive", "wake_forgotten"]
