"""Hands mail to an SMTP server, with TLS where the server has it, and says truthfully how it ended.

| seen                                              | raised      |
|---------------------------------------------------|-------------|
| no connection, TLS or log-in failed, 4xx          | unreachable |
| 5xx on sender, recipient or text; a bad address   | declined    |
| the line is lost after the text began             | unknown     |
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.policy import SMTP

from cheqi.adapters.mail.mapping import message_from, message_id
from cheqi.ports.mail import MailDeclined, MailMessage, MailOutcomeUnknown, MailReceipt, UnableToReachMail


@dataclass(frozen=True, slots=True)
class MailAccount:
    """The server, and who sends. `authorities` is a PEM file for a server with a private certificate."""

    host: str
    port: int
    sender: str
    sender_name: str = "车契"
    user: str = ""
    password: str = ""
    use_tls: bool = False
    timeout_s: float = 10.0
    authorities: str = ""


def _now() -> datetime:
    return datetime.now().astimezone()


class SmtpMailGateway:
    """`ports.mail.MailGateway` over SMTP: one connection a mail, closed after it."""

    def __init__(self, account: MailAccount, *, clock: Callable[[], datetime] = _now) -> None:
        self._account = account
        self._clock = clock

    def send(self, message: MailMessage) -> MailReceipt:
        """Hands one mail over. Raises the port's three failures, and nothing else."""
        account = self._account
        try:
            parsed = message_from(
                message, sender=account.sender, sender_name=account.sender_name, date=self._clock()
            )
            content = parsed.as_bytes(policy=SMTP)
        except (ValueError, IndexError, MessageError) as error:
            raise MailDeclined("the address or the subject cannot be written", code="MALFORMED") from error
        with self._connected() as server:
            _envelope(server, account.sender, message.to)
            _text(server, content)
        return MailReceipt(message.key, message_id(message.key, sender=account.sender))

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is greeted, encrypted and logged in as the account says."""
        account = self._account
        try:
            server = smtplib.SMTP(account.host, account.port, timeout=account.timeout_s)
        except (OSError, smtplib.SMTPException) as error:
            raise UnableToReachMail("no connection", trace=type(error).__name__) from error
        try:
            self._greet(server)
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _greet(self, server: smtplib.SMTP) -> None:
        account = self._account
        try:
            server.ehlo()
            if account.use_tls:
                server.starttls(context=ssl.create_default_context(cafile=account.authorities or None))
                server.ehlo()
            if account.user:
                server.login(account.user, account.password)
        except (OSError, smtplib.SMTPException) as error:
            trace = type(error).__name__
            raise UnableToReachMail("the server did not let us in", trace=trace) from error


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Who sends to whom. Nothing has been accepted yet when this fails."""
    try:
        for code, text in (server.mail(sender), server.rcpt(recipient)):
            _judge(code, text)
    except (OSError, smtplib.SMTPException) as error:
        raise UnableToReachMail("the line was lost", trace=type(error).__name__) from error


def _text(server: smtplib.SMTP, content: bytes) -> None:
    """The mail itself. From here on a lost line leaves the outcome unknown."""
    try:
        code, text = server.data(content)
    except smtplib.SMTPDataError as error:
        code, text = error.smtp_code, _as_bytes(error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        raise MailOutcomeUnknown("the line was lost", trace=type(error).__name__) from error
    _judge(code, text)


def _judge(code: int, text: bytes) -> None:
    """4xx means later, 5xx means never."""
    if code < 400 and code > 0:
        return
    reason = text.decode("utf-8", "replace")[:200]
    if code >= 500:
        raise MailDeclined(reason, code=str(code), trace=str(code))
    raise UnableToReachMail(reason, code=str(code), trace=str(code))


def _as_bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
