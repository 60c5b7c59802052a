"""Serve the pages, keep the time: `alur run`, `web`, `clock` and `tick`."""

import errno
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from threading import Event
from typing import Any, Final

import click

from bpmn.errors import N_
from engine import clock as time
from engine import settings
from engine.db import EVERYWHERE, Database
from engine.settings import Settings
from web.commands import memory
from web.commands.ground import CommandError, command, opened

# What stands before the application: a body is laid on disk before anybody looks at it.
DOOR: Final[dict[str, Any]] = {
    "threads": 8,
    "ident": "Alur",
    # Above what the application takes, so that it is the one to say so; the usual is 1 GB.
    "max_request_body_size": 32 * 1024 * 1024,
    # A browser keeps up to six open; at the usual 100 an office of twenty would lock itself out.
    "connection_limit": 500,
    # Nothing of ours believes them; but /metrics must see that a proxy stands between.
    "clear_untrusted_proxy_headers": False,
}


class PortTaken(CommandError):
    sentence = N_(
        "Alamat %(host)s:%(port)s sudah dipakai program lain. Hentikan program itu, "
        "atau pilih pintu lain: alur run --port %(other)s"
    )


class NoSuchDoor(CommandError):
    sentence = N_(
        "Alur tidak dapat melayani di %(host)s:%(port)s: %(why)s. Periksa --host dan --port, "
        "atau ALUR_HOST dan ALUR_PORT."
    )


class DemoStaysHome(CommandError):
    sentence = N_(
        "Data contoh hanya dilayani di komputer ini (127.0.0.1), bukan di %(host)s: kata sandinya "
        "diketahui semua orang. Pakai folder data lain dengan ALUR_DATA untuk bekerja sungguhan."
    )


_port = click.option("--port", type=click.IntRange(1, 65535), help="Pintu (bawaan 8000).")
_host = click.option("--host", help="Alamat (bawaan 127.0.0.1).")


def _chosen(host: str | None, port: int | None) -> Settings:
    chosen = settings.from_environment()
    return replace(chosen, host=host or chosen.host, port=port or chosen.port)


@click.command()
@click.option("--demo", is_flag=True, help="Isi basis data kosong dengan kantor dan akun contoh.")
@_host
@_port
@command("server.run")
def run(demo: bool, host: str | None, port: int | None) -> None:
    """Layani halaman dan jalankan jam, dalam satu program."""
    from tasks import schedule

    chosen = _chosen(host, port)
    with opened(chosen) as database:
        if demo:
            _fill(database)
        timekeeper = schedule.clock(database, time.now, chosen)
        _serve(chosen, database, before=timekeeper.start, after=timekeeper.shutdown)


@click.command()
@_host
@_port
@command("server.run")
def web(host: str | None, port: int | None) -> None:
    """Layani halaman saja. Jamnya dijalankan `alur clock` di tempat lain."""
    chosen = _chosen(host, port)
    with opened(chosen) as database:
        _serve(chosen, database)


@click.command()
@command("clock.run")
def clock() -> None:
    """Jalankan jam saja: bangunkan berkas yang waktunya tiba."""
    from tasks import schedule

    chosen = settings.from_environment()
    with opened(chosen) as database:
        timekeeper = schedule.clock(database, time.now, chosen)
        timekeeper.start()
        click.echo("Jam berjalan. Ctrl+C untuk berhenti.")
        _until_told_to_stop()
        timekeeper.shutdown()


@click.command()
@click.option("--now", "at", metavar="ISO", help="Hanya pada latihan: seakan-akan sudah jam itu.")
@command("clock.run")
def tick(at: str | None) -> None:
    """Kerjakan sekali semua yang waktunya tiba."""
    from tasks import schedule

    chosen = settings.from_environment()
    with opened(chosen) as database:
        now = _looked_ahead(database, at) if at else time.now()
        for job, result in schedule.tick(database, now, chosen).items():
            click.echo(f"{job}: {result.done} dikerjakan, {result.failed} gagal")


def _looked_ahead(database: Database, at: str) -> datetime:
    from engine import training

    if not training.is_on(database):
        raise training.OnlyInTraining
    return settings.instant(at, "--now") or time.now()


def _serve(
    chosen: Settings,
    database: Database,
    before: Callable[[], Any] = lambda: None,
    after: Callable[[], Any] = lambda: None,
) -> None:
    from waitress.server import create_server

    from engine import demo
    from web import create_app

    memory.keep_little()
    # It says so each time two requests meet, as if something were wrong.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    _refuse_closed_door(chosen)
    with database.reading(EVERYWHERE) as session:
        is_demo = demo.is_demo(session)
    if is_demo and not chosen.on_loopback:
        raise DemoStaysHome(host=chosen.host)
    app = create_app(chosen, database)
    server = create_server(app, host=chosen.host, port=chosen.port, **DOOR)
    _greet(chosen, database, is_demo)
    signal.signal(signal.SIGTERM, _stop)
    before()
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        after()
        server.close()


def _refuse_closed_door(chosen: Settings) -> None:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as wrong:
            where = {"host": chosen.host, "port": chosen.port}
            if wrong.errno == errno.EADDRINUSE:
                raise PortTaken(**where, other=chosen.port % 65535 + 1) from wrong
            raise NoSuchDoor(**where, why=wrong.strerror) from wrong


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _until_told_to_stop() -> None:
    signal.signal(signal.SIGTERM, _stop)
    with suppress(KeyboardInterrupt):
        Event().wait()


def _fill(database: Database) -> None:
    from engine import demo

    with database.transaction(EVERYWHERE) as session:
        if demo.is_empty(session):
            demo.fill(session, time.now())


def _greet(chosen: Settings, database: Database, is_demo: bool) -> None:
    if is_demo:
        _show_accounts(database)
    click.echo(f"Alur melayani di http://{chosen.host}:{chosen.port}   (Ctrl+C untuk berhenti)")


def _show_accounts(database: Database) -> None:
    from engine import demo

    with database.reading(EVERYWHERE) as session:
        rows = demo.accounts(session)
    click.echo("Akun contoh:")
    for account, name, post in rows:
        click.echo(f"  {account:<36} {name:<27} {post}".rstrip())
    click.echo(f"Kata sandi semua akun contoh: {demo.PASSWORD}\n")
