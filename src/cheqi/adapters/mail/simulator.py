"""A simulated mail server: takes mail over real SMTP and shows it at `/inbox`. Nothing is forwarded.

A `Message-ID` that it holds already is acknowledged and not shown again, as mail readers do. Recipients
that begin with `nobody@` do not exist (550), those that begin with `busy@` are to be tried later (450).
Faults: UNAVAILABLE 451 · BROKEN 554 · DROP_BEFORE and DROP_AFTER cut the line before or after keeping.
"""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from cheqi.adapters.sms.simulator import inbox_page
from cheqi.adapters.wire.faults import Fault
from cheqi.adapters.wire.simulated import Record, Reply, SimulatedSystem

LARGEST_MAIL = 10 * 1024 * 1024


class SimulatedMailServer(SimulatedSystem):
    """The mailbox behind the SMTP door; its HTTP side has pages and control only."""

    NAME = "mail"

    def keep(self, recipients: list[str], raw: bytes) -> None:
        """Keeps a mail, unless it is here already."""
        mail = BytesParser(EmailMessage, policy=default).parsebytes(raw)
        number = str(mail["Message-ID"])
        with self.lock:
            if ("mail", number) not in self.records:
                self.records[("mail", number)] = Record("mail", number, "", _shown(mail, recipients))
                self.effects[number] += 1

    def page(self, path: str) -> Reply | None:
        """`/inbox` for people, `/inbox.json` for programs: the newest mail first."""
        with self.lock:
            mails = [dict(record.data) for record in reversed(self.records.values())]
        if path == "/inbox.json":
            return Reply(200, {"messages": mails})
        if path not in ("/", "/inbox"):
            return None
        rows = [(mail["at"], mail["to"], f"{mail['subject']}\n\n{mail['text']}") for mail in mails]
        return Reply(200, page=inbox_page("邮件模拟器", "还没有邮件", rows))


def _shown(mail: EmailMessage, recipients: list[str]) -> dict[str, Any]:
    body = mail.get_body(("plain",))
    return {
        "messageId": str(mail["Message-ID"]),
        "to": "、".join(recipients),
        "from": str(mail["From"]),
        "subject": str(mail["Subject"]),
        "language": str(mail["Content-Language"]),
        "text": body.get_content() if body is not None else "",
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


class SmtpHandler(socketserver.StreamRequestHandler):
    """One SMTP session, as much of RFC 5321 as a sending client uses."""

    mailbox: SimulatedMailServer
    tls: ssl.SSLContext | None
    timeout = 60

    def handle(self) -> None:
        """Greets, then answers command by command until QUIT or the line is gone."""
        self._sender, self._recipients = "", list[str]()
        with suppress(OSError):
            self._say("220 simulator ready")
            while line := self.rfile.readline(2048):
                command, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                if not self._answer(command.upper(), rest):
                    return

    def finish(self) -> None:
        """Closes the files, and the encrypted socket, which the server does not know."""
        with suppress(OSError):
            super().finish()
        if isinstance(self.request, ssl.SSLSocket):
            self.request.close()

    def _answer(self, command: str, rest: str) -> bool:
        """Answers one command; False ends the session."""
        if command in ("EHLO", "HELO"):
            self._say("250-simulator", "250-STARTTLS", "250 8BITMIME") if self.tls else self._say("250 ok")
        elif command == "STARTTLS" and self.tls:
            self._say("220 go ahead")
            self._encrypt(self.tls)
        elif command == "MAIL":
            self._sender, self._recipients = rest, []
            self._say("250 ok")
        elif command == "RCPT":
            self._recipient(rest.partition("<")[2].partition(">")[0])
        elif command == "DATA":
            return self._data()
        elif command in ("RSET", "NOOP"):
            self._say("250 ok")
        elif command == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("502 not known here")
        return True

    def _recipient(self, address: str) -> None:
        if address.startswith("nobody@"):
            self._say("550 no such mailbox")
        elif address.startswith("busy@"):
            self._say("450 mailbox busy")
        else:
            self._recipients.append(address)
            self._say("250 ok")

    def _data(self) -> bool:
        """Reads the mail and keeps it, with the fault that waits for it."""
        if not self._recipients:
            self._say("503 no recipient")
            return True
        self._say("354 end with a dot")
        raw = self._read_mail()
        fault, _ = self.mailbox.faults.next_for_instruction()
        if fault in (Fault.UNAVAILABLE, Fault.BROKEN):
            self._say("451 try later" if fault is Fault.UNAVAILABLE else "554 refused")
            return True
        if fault is Fault.HANG_BEFORE:
            self.mailbox.faults.hang()
        if fault not in (Fault.DROP_BEFORE, Fault.HANG_BEFORE):
            self.mailbox.keep(self._recipients, raw)
        if fault is Fault.HANG:
            self.mailbox.faults.hang()
        if fault in (Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.HANG_BEFORE):
            self.request.shutdown(socket.SHUT_RDWR)
            return False
        self._say("250 kept")
        return True

    def _read_mail(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline(4096)) not in (b".\r\n", b".\n", b""):
            size += len(line)
            if size <= LARGEST_MAIL:
                lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _encrypt(self, context: ssl.SSLContext) -> None:
        self.rfile.close()
        self.request = self.connection = context.wrap_socket(self.request, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def _say(self, *lines: str) -> None:
        self.wfile.write(("\r\n".join(lines) + "\r\n").encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    """A thread a session."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


def smtp_server(mailbox: SimulatedMailServer, port: int, *, tls: ssl.SSLContext | None = None) -> SmtpServer:
    """A bound SMTP door to the mailbox, not yet serving. Port 0 takes a free one."""
    handler = type("Handler", (SmtpHandler,), {"mailbox": mailbox, "tls": tls})
    return SmtpServer(("127.0.0.1", port), handler)


@contextmanager
def smtp_serving(mailbox: SimulatedMailServer, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serves on a free port in a thread while the block runs; gives the port."""
    server = smtp_server(mailbox, 0, tls=tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
