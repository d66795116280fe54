"""Hands one-time codes over as short messages.

A code is SECURITY: the customer is waiting for it, and the contact gate binds other purposes.
"""

from datetime import datetime

from cheqi import ports
from cheqi.foundation.access.hooks import CodeMessage
from cheqi.ports.sms import SmsDeclined, SmsGateway, SmsMessage


class SmsCodeSender:
    """A `CodeSender` straight to the SMS port; the provider sends a key once."""

    def send(self, message: CodeMessage, now: datetime) -> None:
        """Sends the text. A number that the provider declines is done: nobody waits there."""
        text = (
            f"验证码 {message.code}，{message.minutes} 分钟内有效，"
            f"用于{_PURPOSES[message.purpose]}。请勿告诉任何人，包括工作人员。"
        )
        try:
            ports.get(SmsGateway).send(SmsMessage(key=message.key, mobile=message.mobile, text=text))
        except SmsDeclined:
            return


_PURPOSES = {"LOGIN": "登录", "TRACKER": "查询进度", "CONSENT": "确认授权", "SIGN": "签署合同"}
