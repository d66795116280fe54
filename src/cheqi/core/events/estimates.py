"""What people are told about time, when it changes.

`because` is the key of the reason, `reason` its Chinese words; without `high_at` there is no range any
more. Example: a review whose range passed: `because="SLOWER"`, `before_at` was the end of the old range.
"""

from datetime import datetime

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


@event
class EstimateMoved(Event):
    """Something else is expected of a step than was shown before."""

    TYPE = "estimates.moved"
    SENTENCE = Text(
        "「{title}」的预计完成时间由 {before_at} 变为 {high_at}：{reason}",
        "“{title}” is now expected by {high_at} instead of {before_at}: {reason}",
    )
    step: str
    round: int
    title: str
    before_at: datetime | None
    low_at: datetime | None
    high_at: datetime | None
    because: str
    reason: str
