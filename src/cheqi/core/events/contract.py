"""What happens to the papers of a loan: drawn up, shown, signed by each side, void."""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


class _PaperEvent(Event):
    """Where the events of one paper point to."""

    paper_id: int

    @property
    def subject(self) -> str:
        return f"paper:{self.paper_id}"


@event
class PaperDrawnUp(_PaperEvent):
    """A PDF was made and kept; its hash says which bytes."""

    TYPE = "contract.paper_drawn_up"
    SENTENCE = Text("生成{title} {number}", "Drew up “{title}” {number}")
    title: str
    number: str
    sha256: str
    paper_id: int


@event
class PaperShown(_PaperEvent):
    """A customer had the paper before their eyes."""

    TYPE = "contract.paper_shown"
    SENTENCE = Text("向客户展示{title} {number}", "Showed “{title}” {number} to the customer")
    title: str
    number: str
    sha256: str
    paper_id: int


@event
class PaperSigned(_PaperEvent):
    """One side signed; `consent_sha256` the hash of the customer's consent, empty for the lender."""

    TYPE = "contract.paper_signed"
    SENTENCE = Text("{title} {number} 已由{role_title}签署", "“{title}” {number} was signed: {role_title}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("{title}已由{role_title}签署", "“{title}” was signed: {role_title}")
    title: str
    number: str
    role: str
    role_title: str
    sha256: str
    consent_sha256: str
    paper_id: int


@event
class PaperCompleted(_PaperEvent):
    """All sides signed: the paper is in force."""

    TYPE = "contract.paper_completed"
    SENTENCE = Text("{title} {number} 各方签署完成", "“{title}” {number} is signed by all sides")
    for_customer = True
    CUSTOMER_SENTENCE = Text(
        "{title}签署完成，可以下载", "“{title}” is signed by all sides and ready for download"
    )
    title: str
    number: str
    sha256: str
    paper_id: int


@event
class PaperVoided(_PaperEvent):
    """A paper no longer counts, and why."""

    TYPE = "contract.paper_voided"
    SENTENCE = Text("{title} {number} 作废，原因：{reason}", "“{title}” {number} is void: {reason}")
    title: str
    number: str
    reason: str
    paper_id: int
