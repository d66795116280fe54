"""What happens to a case on its way through a process.

Titles are carried as data, so that a timeline can be read without the definition of that time.
`assigned` says to whom a step was given and why, in Chinese; `assigned_en` in English, since it was logged.
"""

from datetime import datetime

from cheqi.core.base.text import Text
from cheqi.core.events.base import NO_WORDS, Event, Words, event


@event
class CaseOpened(Event):
    """A case began."""

    TYPE = "process.case_opened"
    SENTENCE = Text("案件 {number} 开始：{title}", "Case {number} opened: {title}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("您的{title}已开始，编号 {number}", "Your request {number} has begun")
    number: str
    process: str
    definition: str
    title: str


@event
class StepOpened(Event):
    """A round of a step began: whose turn it is, and until when."""

    TYPE = "process.step_opened"
    SENTENCE = Text(
        "「{title}」开始（第 {round} 轮）。{assigned}", "“{title}” began (round {round}). {assigned}"
    )
    step: str
    round: int
    title: str
    ball: str
    role: str
    owner: str
    assigned: str
    due_at: datetime | None
    assigned_en: str = ""


@event
class StepSkipped(Event):
    """A step was not needed."""

    TYPE = "process.step_skipped"
    SENTENCE = Text("「{title}」无需办理", "“{title}” is not needed")
    step: str
    round: int
    title: str
    condition: str


@event
class StepFinished(Event):
    """A round of a step ended with an outcome."""

    TYPE = "process.step_finished"
    SENTENCE = Text("「{title}」{outcome}：{reason}", "“{title}” {outcome}: {reason}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("「{title}」已完成", "“{title}” is done")
    step: str
    round: int
    title: str
    outcome: str
    reason: str

    def sentence(self, language: str = "zh-hans", words: Words = NO_WORDS) -> str:
        """Without a reason the sentence ends before it."""
        said = super().sentence(language, words)
        return said if self.reason else said.removesuffix("：—").removesuffix(": —")


@event
class StepSuperseded(Event):
    """A round gave way to a later one because a step sent the work back."""

    TYPE = "process.step_superseded"
    SENTENCE = Text(
        "「{title}」第 {round} 轮作废，由「{because_of}」退回",
        "Round {round} of “{title}” was sent back by {because_of}",
    )
    step: str
    round: int
    title: str
    because_of: str


@event
class StepAssigned(Event):
    """A step got another owner."""

    TYPE = "process.step_assigned"
    SENTENCE = Text("「{title}」交给 {owner_name}：{reason}", "“{title}” was given to {owner_name}: {reason}")
    step: str
    round: int
    title: str
    owner: str
    owner_name: str
    reason: str


@event
class BallPassed(Event):
    """Somebody else has to act now."""

    TYPE = "process.ball_passed"
    SENTENCE = Text("「{title}」等待 {ball}", "“{title}” waits for {ball}")
    step: str
    round: int
    title: str
    ball: str


@event
class FactsGiven(Event):
    """Facts that decide which steps are needed became known, or changed."""

    TYPE = "process.facts_given"
    SENTENCE = Text("更新事实：{names}", "Facts updated: {names}")
    names: str
    facts: dict[str, str | int | bool | None]


@event
class ReminderDue(Event):
    """Who has the ball was to be reminded."""

    TYPE = "process.reminder_due"
    SENTENCE = Text("第 {number} 次提醒：「{title}」", "Reminder {number} for “{title}”")
    step: str
    round: int
    title: str
    ball: str
    number: int


@event
class TargetBreached(Event):
    """A step took longer than its target."""

    TYPE = "process.target_breached"
    SENTENCE = Text(
        "「{title}」超过时限，升级至：{escalated_to}",
        "“{title}” missed its target; escalated to: {escalated_to}",
    )
    step: str
    round: int
    title: str
    escalated_to: str
    tells_customer: bool


@event
class EscalatedFurther(Event):
    """A step that missed its target is still open and goes to the next level."""

    TYPE = "process.escalated_further"
    SENTENCE = Text(
        "「{title}」已用去时限的 {percent}%，升级至：{escalated_to}（第 {level} 级）",
        "“{title}” has used {percent}% of its target; escalated to: {escalated_to} (level {level})",
    )
    step: str
    round: int
    title: str
    escalated_to: str
    level: int
    percent: int


@event
class EscalationAcknowledged(Event):
    """Somebody to whom a missed target was escalated takes care of it."""

    TYPE = "process.escalation_acknowledged"
    SENTENCE = Text("已知悉「{title}」超时并跟进", "Takes care of “{title}”, which missed its target")
    step: str
    round: int
    title: str


@event
class CaseClosed(Event):
    """A case is over."""

    TYPE = "process.case_closed"
    SENTENCE = Text("案件结束：{title} {reason}", "Case closed: {title} {reason}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("办理结束：{title}", "Your request is over: {title}")
    status: str
    title: str
    reason: str


@event
class CaseMigrated(Event):
    """A live case went over to another version of its process."""

    TYPE = "process.case_migrated"
    SENTENCE = Text("案件转到流程第 {version} 版", "Case moved to version {version} of its process")
    version: int
    before: str
    after: str


@event
class DefinitionPublished(Event):
    """A version of a process was published."""

    TYPE = "process.definition_published"
    SENTENCE = Text("发布流程 {process} 第 {version} 版", "Published version {version} of {process}")
    process: str
    version: int
    content_hash: str
