"""Everything that writes documents: taking in, reading, settling, deciding."""

from cheqi.foundation.documents.operations.open import open_pictures
from cheqi.foundation.documents.operations.read import give_up, read_document
from cheqi.foundation.documents.operations.receive import receive
from cheqi.foundation.documents.operations.settle import (
    accept_document,
    reject_document,
    set_aside,
    settle_field,
)
from cheqi.foundation.documents.operations.waking import wake_forgotten

__all__ = [
    "accept_document",
    "give_up",
    "open_pictures",
    "read_document",
    "receive",
    "reject_document",
    "set_aside",
    "settle_field",
    "wake_forgotten",
]
