"""What happens to a customer's documents, from the upload to a clerk's decision.

`title` is the document's Chinese title as the customer reads it, `slot` the stable name of what was
asked for.
"""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event, personal


@event
class DocumentReceived(Event):
    """An upload passed its checks and is kept; it waits to be read."""

    TYPE = "documents.received"
    SENTENCE = Text(
        "收到{title}，{pages} 页（{file_type}）", "Received “{title}”, {pages} page(s), {file_type}"
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text("我们收到了您的{title}", "We received your document “{title}”")
    document_id: int
    slot: str
    title: str
    file_type: str
    pages: int
    sha256: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class PhotographSeenBefore(Event):
    """The same photograph, or nearly, is among another person's documents: a signal of fraud."""

    TYPE = "documents.photograph_seen_before"
    SENTENCE = Text(
        "{title}的照片与客户 {other_party_id} 的资料 {other_document_id} 相同或几乎相同",
        "The photograph of “{title}” is (nearly) the same as document {other_document_id} of customer "
        "{other_party_id}",
    )
    document_id: int
    title: str
    other_document_id: int
    other_party_id: int
    is_exact: bool

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class DocumentRead(Event):
    """The recogniser is done: what it took the document for, and how many fields need a clerk."""

    TYPE = "documents.read"
    SENTENCE = Text(
        "{title}识别完成：{accepted} 项通过，{for_clerk} 项待核对（{model}）",
        "“{title}” was read: {accepted} fields accepted, {for_clerk} for a clerk ({model})",
    )
    document_id: int
    slot: str
    title: str
    kind: str
    state: str
    accepted: int
    for_clerk: int
    model: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class DocumentUnreadable(Event):
    """Nothing could be read, or reading failed for good; a clerk looks at it."""

    TYPE = "documents.unreadable"
    SENTENCE = Text("{title}无法自动识别，转人工核对", "“{title}” could not be read and goes to a clerk")
    document_id: int
    slot: str
    title: str
    reason: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class FieldSettled(Event):
    """A clerk said what a field reads, and why."""

    TYPE = "documents.field_settled"
    SENTENCE = Text(
        "核对{title}的“{field}”：由“{old_value}”改为“{new_value}”，原因：{reason}",
        "Settled “{field}” of “{title}”: from “{old_value}” to “{new_value}”, because: {reason}",
    )
    document_id: int
    title: str
    field: str
    reason: str
    old_value: str = personal()
    new_value: str = personal()

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class DocumentAccepted(Event):
    """A document counts: by its reading alone, or after a clerk looked."""

    TYPE = "documents.accepted"
    SENTENCE = Text("{title}审核通过", "“{title}” was accepted")
    for_customer = True
    CUSTOMER_SENTENCE = Text("您的{title}已核验通过", "Your document “{title}” was accepted")
    document_id: int
    slot: str
    title: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class DocumentSetAside(Event):
    """A document counts no more because of what changed around it; nothing is wrong with it."""

    TYPE = "documents.set_aside"
    SENTENCE = Text("{title}不再采用：{reason}", "“{title}” counts no more: {reason}")
    for_customer = True
    CUSTOMER_SENTENCE = Text("{title}不再采用：{reason}", "“{title}” counts no more: {reason}")
    document_id: int
    slot: str
    title: str
    reason_code: str
    reason: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


@event
class DocumentRejected(Event):
    """A document was sent back, with what is wrong and what a good photograph looks like."""

    TYPE = "documents.rejected"
    SENTENCE = Text(
        "{title}被退回（{reason_code}）：{reason}", "“{title}” was sent back ({reason_code}): {reason}"
    )
    for_customer = True
    CUSTOMER_SENTENCE = Text(
        "您的{title}需要重新上传：{reason}", "Please upload your document “{title}” again: {reason}"
    )
    document_id: int
    slot: str
    title: str
    reason_code: str
    reason: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"
