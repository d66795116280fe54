"""What happens to rule packs: proposed, published, turned down."""

from datetime import date

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


class _PackEvent(Event):
    """Where the events of one pack version point to."""

    pack: str
    version: int

    @property
    def subject(self) -> str:
        return f"pack:{self.pack}:{self.version}"


@event
class PackProposed(_PackEvent):
    """Somebody proposed a new version; its hash says which text."""

    TYPE = "rulebook.pack_proposed"
    SENTENCE = Text(
        "提交规则包 {pack} 第 {version} 版：{reason}", "Proposed {pack} version {version}: {reason}"
    )
    pack: str
    version: int
    effective_from: date
    sha256: str
    reason: str


@event
class PackPublished(_PackEvent):
    """A second person published it."""

    TYPE = "rulebook.pack_published"
    SENTENCE = Text(
        "发布规则包 {pack} 第 {version} 版，{effective_from} 起生效",
        "Published {pack} version {version}, in force from {effective_from}",
    )
    pack: str
    version: int
    effective_from: date
    sha256: str


@event
class PackTurnedDown(_PackEvent):
    """A second person turned it down."""

    TYPE = "rulebook.pack_turned_down"
    SENTENCE = Text(
        "退回规则包 {pack} 第 {version} 版：{reason}", "Turned down {pack} version {version}: {reason}"
    )
    pack: str
    version: int
    reason: str
