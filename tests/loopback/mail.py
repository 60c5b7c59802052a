"""A mail server on loopback that keeps what it was sent, and refuses as a story wants."""

import socketserver
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Condition, Thread
from typing import Any

from tests.loopback import KEY

USER, PASSWORD = "alur", "rahasia-surel"
_SECRET = f"\0{USER}\0{PASSWORD}".encode()


@dataclass
class PostOffice:
    """What came and to whom; what it answers may be changed in the middle of a story."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    lines: int = 0
    open_lines: int = 0
    changed: Condition = field(default_factory=Condition)
    rcpt: Callable[[], str] = lambda: "250 OK"
    # The letter is kept unless it is refused; with nothing to say, it hangs up.
    data: Callable[[], str] = lambda: "250 OK"

    def opens(self, by: int) -> None:
        with self.changed:
            self.lines += max(by, 0)
            self.open_lines += by
            self.changed.notify_all()

    def is_at_rest(self) -> bool:
        """Whether, at last, every line is closed: what came by them is kept."""
        with self.changed:
            return self.changed.wait_for(lambda: not self.open_lines, timeout=30)

    def takes(self, letter: bytes, to: list[str]) -> str:
        answer = self.data()
        if not answer.startswith(("4", "5")):
            self.letters.append(message_from_bytes(letter, policy=default))  # type: ignore[arg-type]
            self.to += to
        return answer


class _Clerk(socketserver.StreamRequestHandler):
    """Serves one line: a verb, an answer."""

    server: "_Server"
    timeout = 10

    def handle(self) -> None:
        self.server.office.opens(1)
        try:
            self._serve()
        finally:
            self.server.office.opens(-1)

    def _serve(self) -> None:
        if self.server.security == "tls":
            self._dress()
        self.to: list[str] = []
        self.is_known = not self.server.asks_who
        self._say("220 localhost")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, f"do_{verb.lower()}", self._strange)(rest)
            if not answer:
                return
            self._say(answer)
            if verb.upper() == "STARTTLS":
                self._dress()

    def do_ehlo(self, _: str) -> str:
        offers = ["localhost"]
        if self.server.security == "starttls":
            offers.append("STARTTLS")
        offers.append("AUTH PLAIN")
        return "\r\n".join([f"250-{offer}" for offer in offers] + ["250 HELP"])

    def do_starttls(self, _: str) -> str:
        return "220 go ahead" if self.server.security == "starttls" else "502 no"

    def do_auth(self, rest: str) -> str:
        if b64decode(rest.partition(" ")[2]) != _SECRET:
            return "535 5.7.8 wrong"
        self.is_known = True
        self.server.office.signed_in.append(USER)
        return "235 welcome"

    def do_mail(self, _: str) -> str:
        self.to = []
        return "250 OK" if self.is_known else "530 5.7.0 who are you"

    def do_rcpt(self, rest: str) -> str:
        answer = self.server.office.rcpt()
        if answer.startswith("2"):
            self.to.append(rest.partition("<")[2].rstrip(">"))
        return answer

    def do_data(self, _: str) -> str:
        if not self.to:
            return "503 nobody"
        self._say("354 go on")
        letter = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            letter += line.removeprefix(b".") if line.startswith(b"..") else line
        return self.server.office.takes(letter, self.to)

    def do_rset(self, _: str) -> str:
        return "250 OK"

    do_noop = do_rset

    def do_quit(self, _: str) -> str:
        self._say("221 bye")
        return ""

    def _strange(self, _: str) -> str:
        return "502 what"

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")

    def _dress(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(KEY)
        self.connection = self.request = context.wrap_socket(self.request, server_side=True)
        self.setup()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    office: PostOffice
    security: str
    asks_who: bool

    def handle_error(self, *_: Any) -> None:
        pass  # whoever hung up meant to


@contextmanager
def open_post_office(security: str = "tidak", *, asks_who: bool = False) -> Iterator[PostOffice]:
    server = _Server(("127.0.0.1", 0), _Clerk)
    server.office, server.security, server.asks_who = PostOffice(), security, asks_who
    server.office.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.office
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
