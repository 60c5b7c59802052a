"""A web server on loopback that keeps what it was sent, and answers as a story wants."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.loopback import KEY


@dataclass
class Request:
    """What came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """Where it listens and what it heard; `answers` may be changed in the middle of a story."""

    url: str = ""
    heard: list[Request] = field(default_factory=list)
    answers: Callable[["Listener", BaseHTTPRequestHandler], None] = lambda _, it: say(it, 200)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def say(it: BaseHTTPRequestHandler, status: int, body: bytes = b"{}", **headers: str) -> None:
    it.send_response(status)
    it.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        it.send_header(name.replace("_", "-"), value)
    it.end_headers()
    it.wfile.write(body)


@contextmanager
def listening(*, tls: bool = False) -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            listener.heard.append(Request(self.path, dict(self.headers.items()), body))
            listener.answers(listener, self)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # whoever hung up meant to

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(KEY)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    listener.url = f"{'https' if tls else 'http'}://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def silence() -> Iterator[int]:
    """A door at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]
