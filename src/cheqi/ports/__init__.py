"""What Cheqi needs from outside, one protocol a file, and which adapter answers it."""

from cheqi.ports.registry import PortIsNotBound, bind, bound, get, renewed

__all__ = ["PortIsNotBound", "bind", "bound", "get", "renewed"]
