"""The client against a real SMTP session with the simulated server."""

import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cheqi.adapters.mail.client import MailAccount, SmtpMailGateway
from cheqi.adapters.mail.mapping import message_from, message_id
from cheqi.adapters.mail.simulator import SimulatedMailServer, smtp_serving
from cheqi.adapters.wire.tests.running import Running
from cheqi.ports.mail import MailDeclined, MailMessage, MailOutcomeUnknown, UnableToReachMail

SENDER = "notice@cheqi.invalid"


def a_mail(key: str = "msg-1", to: str = "lilei@example.invalid") -> MailMessage:
    text = "李雷，您好：\n.点开头的一行也要完整。\n您的申请已受理。"
    return MailMessage(key, to, "申请已受理：苏A12345", text, to_name="李雷")


def client_for(mail: Running) -> SmtpMailGateway:
    return SmtpMailGateway(MailAccount("127.0.0.1", mail.smtp_port, SENDER, timeout_s=5))


def test_a_chinese_mail_arrives_whole(mail: Running) -> None:
    receipt = client_for(mail).send(a_mail())
    (arrived,) = mail.look("/inbox.json")["messages"]
    assert arrived["messageId"] == receipt.message_id == message_id("msg-1", sender=SENDER)
    assert arrived["subject"] == "申请已受理：苏A12345"
    assert arrived["text"].splitlines() == a_mail().text.splitlines()
    assert (arrived["to"], arrived["from"]) == ("lilei@example.invalid", f"车契 <{SENDER}>")
    assert arrived["language"] == "zh-CN"
    assert "申请已受理" in mail.look("/inbox")


def test_the_same_key_is_the_same_mail(mail: Running) -> None:
    client = client_for(mail)
    assert client.send(a_mail()) == client.send(a_mail())
    assert len(mail.look("/inbox.json")["messages"]) == 1
    client.send(a_mail("msg-2"))
    assert len(mail.look("/inbox.json")["messages"]) == 2


@pytest.mark.parametrize(
    ("to", "code"),
    [("nobody@example.invalid", "550"), ("李雷@example.invalid", "MALFORMED"), ("no address", "MALFORMED")],
)
def test_an_address_that_cannot_receive_is_declined(mail: Running, to: str, code: str) -> None:
    with pytest.raises(MailDeclined) as caught:
        client_for(mail).send(a_mail(to=to))
    assert caught.value.code == code
    assert mail.effects == {}


def test_a_subject_cannot_smuggle_a_header(mail: Running) -> None:
    with pytest.raises(MailDeclined):
        client_for(mail).send(replace(a_mail(), subject="hello\r\nBcc: all@example.invalid"))
    assert mail.effects == {}


def test_a_busy_mailbox_and_a_busy_server_are_tried_later(mail: Running) -> None:
    with pytest.raises(UnableToReachMail, match="450"):
        client_for(mail).send(a_mail(to="busy@example.invalid"))
    mail.fault("UNAVAILABLE")
    with pytest.raises(UnableToReachMail, match="451"):
        client_for(mail).send(a_mail())
    assert mail.effects == {}


def test_a_refused_text_is_declined(mail: Running) -> None:
    mail.fault("BROKEN")
    with pytest.raises(MailDeclined, match="554"):
        client_for(mail).send(a_mail())


@pytest.mark.parametrize(("fault", "kept"), [("DROP_BEFORE", 0), ("DROP_AFTER", 1)])
def test_a_line_cut_after_the_text_is_unknown_and_repeating_shows_one_mail(
    mail: Running, fault: str, kept: int
) -> None:
    mail.fault(fault)
    with pytest.raises(MailOutcomeUnknown):
        client_for(mail).send(a_mail())
    assert len(mail.effects) == kept
    client_for(mail).send(a_mail())
    assert len(mail.look("/inbox.json")["messages"]) == 1


def test_a_closed_port_means_that_nothing_was_sent() -> None:
    with pytest.raises(UnableToReachMail):
        SmtpMailGateway(MailAccount("127.0.0.1", 1, SENDER)).send(a_mail())


def test_a_server_that_never_greets_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = MailAccount("127.0.0.1", silent.getsockname()[1], SENDER, timeout_s=0.2)
        with pytest.raises(UnableToReachMail):
            SmtpMailGateway(account).send(a_mail())


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for 127.0.0.1 that signs itself, in use by a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulated mail")])
    start = datetime.now(UTC) - timedelta(hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.pem", folder / "mail.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


def test_with_tls_the_mail_goes_encrypted_and_only_to_a_trusted_server(tmp_path: Path) -> None:
    context, authorities = certificate(tmp_path)
    mailbox = SimulatedMailServer(secret=b"")
    with smtp_serving(mailbox, tls=context) as port:
        account = MailAccount("127.0.0.1", port, SENDER, use_tls=True)
        with pytest.raises(UnableToReachMail, match="did not let us in"):
            SmtpMailGateway(account).send(a_mail())
        assert mailbox.effects == {}
        SmtpMailGateway(replace(account, authorities=str(authorities))).send(a_mail())
    assert mailbox.effects == {message_id("msg-1", sender=SENDER): 1}


def test_a_server_without_tls_gets_no_mail_when_tls_is_wanted(mail: Running) -> None:
    account = MailAccount("127.0.0.1", mail.smtp_port, SENDER, use_tls=True)
    with pytest.raises(UnableToReachMail):
        SmtpMailGateway(account).send(a_mail())
    assert mail.effects == {}


def test_a_mail_says_that_a_machine_wrote_it_and_may_have_a_second_form() -> None:
    mail = replace(a_mail(), html="<p>您的申请已受理。</p>", language="en")
    message = message_from(
        mail, sender=SENDER, sender_name="车契", date=datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    )
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Date"] == "Mon, 23 Nov 2026 08:00:00 +0000"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.as_bytes().isascii()


def test_two_mails_at_once_both_arrive(mail: Running) -> None:
    threads = [threading.Thread(target=client_for(mail).send, args=(a_mail(f"msg-{n}"),)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.effects) == 2
