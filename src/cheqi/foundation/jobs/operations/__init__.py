"""Everything that writes to wake-ups, one file a use case."""

from cheqi.foundation.jobs.operations.redriving import discard, redrive
from cheqi.foundation.jobs.operations.waking import UnknownTask, wake, waking

__all__ = ["UnknownTask", "discard", "redrive", "wake", "waking"]
