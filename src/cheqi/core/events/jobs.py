"""What people did with background work that had failed for good."""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


@event
class WakeupRedriven(Event):
    """A dead wake-up got its attempts back."""

    TYPE = "jobs.redriven"
    SENTENCE = Text("重新执行失败任务 {task}（{key}）", "Drove the failed task {task} ({key}) again")
    wakeup_id: int
    task: str
    key: str

    @property
    def subject(self) -> str:
        """The wake-up."""
        return f"wakeup:{self.wakeup_id}"


@event
class WakeupDiscarded(Event):
    """A dead wake-up was given up."""

    TYPE = "jobs.discarded"
    SENTENCE = Text(
        "放弃失败任务 {task}（{key}）：{reason}", "Gave up the failed task {task} ({key}): {reason}"
    )
    wakeup_id: int
    task: str
    key: str
    reason: str

    @property
    def subject(self) -> str:
        """The wake-up."""
        return f"wakeup:{self.wakeup_id}"
