"""What happens to the log itself."""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event


@event
class PersonErased(Event):
    """The key of a person's parts was destroyed."""

    TYPE = "evidence.person_erased"
    SENTENCE = Text(
        "销毁了当事人 {erased_party_id} 的日志密钥：{reason}",
        "Destroyed the log key of party {erased_party_id}: {reason}",
    )
    erased_party_id: int
    reason: str

    @property
    def subject(self) -> str:
        """The person."""
        return f"party:{self.erased_party_id}"


@event
class BundleMade(Event):
    """Somebody took a copy of a case's evidence out of the house."""

    TYPE = "evidence.bundle_made"
    SENTENCE = Text("导出了证据包（{events} 条事件）", "Exported an evidence bundle of {events} events")
    for_customer = True
    CUSTOMER_SENTENCE = Text("证据包已导出", "An evidence bundle was exported")
    events: int
