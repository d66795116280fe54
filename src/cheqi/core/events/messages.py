"""What people were told, could not be told, and were not told because a rule forbids it.

`title` is the template's Chinese title. Example: `MessageSent(message_id=7, template="disbursed",
title="已放款", channel="短信").subject == "message:7"`.
"""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


@event
class MessageSent(Event):
    """A message left for a person, or lies in their inbox."""

    TYPE = "messages.sent"
    SENTENCE = Text("已通过{channel}发送消息「{title}」", "Sent the message “{title}” by {channel}")
    message_id: int
    template: str
    title: str
    channel: str

    @property
    def subject(self) -> str:
        return f"message:{self.message_id}"


@event
class MessageFailed(Event):
    """No channel could carry a message."""

    TYPE = "messages.failed"
    SENTENCE = Text(
        "消息「{title}」未能送达（{channel}，{code}）",
        "The message “{title}” could not be delivered ({channel}, {code})",
    )
    template: str
    title: str
    channel: str
    code: str


@event
class MessageBlocked(Event):
    """The contact gate let no channel carry a message."""

    TYPE = "messages.blocked"
    SENTENCE = Text(
        "按联系规则未发送消息「{title}」（{purpose}）",
        "The message “{title}” was not sent: contact rules ({purpose})",
    )
    template: str
    title: str
    purpose: str


@event
class MessageRedriven(Event):
    """A colleague had a message tried again that had given up."""

    TYPE = "messages.redriven"
    SENTENCE = Text("重新发送消息「{title}」", "Had the message “{title}” tried again")
    message_id: int
    template: str
    title: str

    @property
    def subject(self) -> str:
        return f"message:{self.message_id}"


@event
class MessageDiscarded(Event):
    """A colleague let a message be that had given up, for a stated reason."""

    TYPE = "messages.discarded"
    SENTENCE = Text("放弃发送消息「{title}」：{reason}", "Gave up the message “{title}”: {reason}")
    message_id: int
    template: str
    title: str
    reason: str

    @property
    def subject(self) -> str:
        return f"message:{self.message_id}"


@event
class PreferenceChosen(Event):
    """A person turned a kind of message off or on for a channel; codes of both are in the fields."""

    TYPE = "messages.preference_chosen"
    SENTENCE = Text("{way}{choice}{purpose}（{channel}）", "{choice}: {purpose} by {channel}, {way}")
    purpose: str
    channel: str
    choice: str
    way: str
