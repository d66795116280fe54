"""What is wrong with a piece of configuration, and where in it.

A loader gives all problems of a source at once, so that its author mends them in one go:

>>> str(Problem("steps[2].after", Text("没有步骤 x", "there is no step x")))
'steps[2].after: there is no step x'
"""

from dataclasses import dataclass

from cheqi.core.base.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the path to it, and what to do about it."""

    path: str
    message: Text

    def __str__(self) -> str:
        return f"{self.path}: {self.message.en}"
