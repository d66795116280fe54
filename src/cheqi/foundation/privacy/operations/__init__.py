"""Writes of privacy: unmasking on record, rotation of keys."""

from cheqi.foundation.privacy.operations.rotation import Rotation, UnableToRotate, rotate
from cheqi.foundation.privacy.operations.unmask import unmask

__all__ = ["Rotation", "UnableToRotate", "rotate", "unmask"]
