"""The headers by which a mail program offers to unsubscribe."""

from datetime import UTC, datetime
from email.policy import SMTP

from cheqi.adapters.mail.mapping import message_from
from cheqi.ports.mail import MailMessage

URL = (
    "https://lender.example/unsubscribe/WzcsIlBST0dSRVNTIl0:1vN3ab:abc_-0123456789abcdefghijklmnopqrstuvwxyz/"
)


def lines(mail: MailMessage) -> list[str]:
    """The head as it goes over the wire."""
    date = datetime(2026, 11, 23, tzinfo=UTC)
    message = message_from(mail, sender="notice@lender.example", sender_name="车契", date=date)
    return message.as_bytes(policy=SMTP).decode().partition("\r\n\r\n")[0].split("\r\n")


def test_a_mail_that_can_be_turned_off_offers_one_click_as_rfc_8058_says() -> None:
    found = lines(MailMessage("k", "li@example.invalid", "进度", "……", unsubscribe_url=URL))
    assert f"List-Unsubscribe: <{URL}>" in found
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in found


def test_a_necessary_mail_offers_nothing_of_the_kind() -> None:
    found = lines(MailMessage("k", "li@example.invalid", "合同", "……"))
    assert [line for line in found if line.startswith("List-")] == []
