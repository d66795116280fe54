"""What an operation on a case answers."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """Where the case stands behind a move: the open steps as (key, round), and the version of the case."""

    case_id: int
    number: str
    process: str
    status: str
    version: int
    open_steps: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The answer as it is stored beside the caller's key."""
        return {
            "case_id": self.case_id,
            "number": self.number,
            "process": self.process,
            "status": self.status,
            "version": self.version,
            "open_steps": [list(step) for step in self.open_steps],
        }

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "CaseMoved":
        """The answer that was given before."""
        steps = tuple((key, number) for key, number in stored["open_steps"])
        return CaseMoved(**{**stored, "open_steps": steps})
