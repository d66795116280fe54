"""Between the provider's JSON and our message and receipt.

Example: `receipt_from({"requestNumber": "k", "bizId": "S1", "status": "SENDING", "reason": ""}).state`.
"""

from typing import Any

from cheqi.ports.sms import SmsMessage, SmsReceipt, SmsState

STATES = {"SENDING": SmsState.ACCEPTED, "DELIVERED": SmsState.DELIVERED, "UNDELIVERED": SmsState.FAILED}


def body_of(message: SmsMessage) -> dict[str, Any]:
    """The message as the provider wants it."""
    return {"phone": message.mobile.removeprefix("+86"), "text": message.text, "signName": message.sign_name}


def receipt_from(data: dict[str, Any]) -> SmsReceipt:
    """The provider's receipt in our words."""
    return SmsReceipt(
        str(data["requestNumber"]), str(data["bizId"]), STATES[data["status"]], str(data["reason"])
    )
