"""Event types that only tests log."""

from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event, personal


@event
class DoorOpened(Event):
    TYPE = "example.door_opened"
    SENTENCE = Text("打开了 {door} 号门", "Opened door {door}")
    door: int


@event
class GuestNamed(Event):
    TYPE = "example.guest_named"
    SENTENCE = Text("登记了客人 {name}（{purpose}）", "Registered the guest {name} ({purpose})")
    for_customer = True
    CUSTOMER_SENTENCE = Text("您的来访已登记", "Your visit is registered")
    purpose: str
    name: str = personal()
