"""Everything that writes documents: taking in, reading, settling, deciding."""

from cheqi.foundation.documents.operations.receive import receive

__all__ = ["receive"]
