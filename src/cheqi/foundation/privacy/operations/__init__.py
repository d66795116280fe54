"""Writes of privacy: unmasking on record, rotation of keys."""

from cheqi.foundation.privacy.operations.rotation import Rotation, UnableToRotate, rotate
from cheqi.foundation.privacy.operations.unmask import Opened, unmask, unmask_original

__all__ = ["Opened", "Rotation", "UnableToRotate", "rotate", "unmask", "unmask_original"]
