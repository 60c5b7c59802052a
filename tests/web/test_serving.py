"""Twin of web/commands/serving.py: what is turned away at the door, before any page is asked."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from waitress import wasyncore
from waitress.server import create_server

from web.application import LARGEST_FORM
from web.commands.serving import DOOR


def nobody_home(_environ: object, _start: object) -> list[bytes]:
    pytest.fail("reached")


@contextmanager
def served(application: Any) -> Iterator[tuple[str, int]]:
    """Behind the door that every installation has."""
    server: Any = create_server(application, host="127.0.0.1", port=0, **DOOR)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield "127.0.0.1", server.effective_port
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
    thread.join(timeout=10)


@pytest.fixture
def door() -> Iterator[tuple[str, int]]:
    with served(nobody_home) as address:
        yield address


def test_a_huge_body_is_refused_before_it_is_sent(door: tuple[str, int]) -> None:
    with socket.create_connection(door, timeout=5) as caller:
        caller.sendall(b"POST /sign-in HTTP/1.1\r\nHost: alur\r\nContent-Length: 900000000\r\n\r\n")
        assert caller.recv(1000).startswith(b"HTTP/1.1 413")


def test_what_the_application_would_take_comes_through_the_door() -> None:
    assert DOOR["max_request_body_size"] > LARGEST_FORM
