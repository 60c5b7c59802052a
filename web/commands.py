"""The `alur` command: what an operator may do on the server itself."""

import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from threading import Event
from typing import Any, Final, ParamSpec, TypeVar

import click
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, clock, settings
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database
from engine.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

# Promised, and not there yet: they say so, and the help does not name them.
NOT_YET: Final = ("backup", "bench", "export", "restore", "token")


class CommandError(AlurError):
    """What an operator asked for cannot be done."""


class PortTaken(CommandError):
    sentence = N_(
        "Alamat %(host)s:%(port)s sudah dipakai program lain. Hentikan program itu, "
        "atau pilih pintu lain: alur run --port %(other)s"
    )


class DemoStaysHome(CommandError):
    sentence = N_(
        "Data contoh hanya dilayani di komputer ini (127.0.0.1), bukan di %(host)s: kata sandinya "
        "diketahui semua orang. Pakai folder data lain dengan ALUR_DATA untuk bekerja sungguhan."
    )


class NoSuchOffice(CommandError):
    sentence = N_("Tidak ada kantor “%(slug)s”. Yang ada: %(known)s.")


class NoSuchAccount(CommandError):
    sentence = N_("Tidak ada akun “%(account)s”.")


class AccountTaken(CommandError):
    sentence = N_("Akun “%(account)s” sudah ada.")


class BadInstant(CommandError):
    sentence = N_("“%(text)s” bukan waktu yang dikenal. Contoh: 2026-03-12T09:00+08:00")


class UnreadableFile(CommandError):
    sentence = N_("Berkas %(path)s tidak dapat dibaca: %(why)s.")


class NotThereYet(CommandError):
    sentence = N_("alur %(name)s belum ada pada versi ini.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alur")
def cli() -> None:
    """Alur menjalankan SOP kantor kecamatan."""


def main() -> None:
    """Run a command; what goes wrong ends in one sentence and exit code 1."""
    try:
        cli(standalone_mode=False)
    except AlurError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def command(right: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A command, and the right that whoever types it must have: MACHINE's, from access.py."""

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if not MACHINE.may_somewhere(right):
                raise access.Forbidden
            return function(*args, **kwargs)

        checked.right = right  # type: ignore[attr-defined]
        return checked

    return declare


@contextmanager
def _database(chosen: Settings) -> Iterator[Database]:
    from engine import schema

    schema.prepare_folder(chosen.data)
    database = Database(chosen.url)
    try:
        schema.prepare(database.bind)
        yield database
    finally:
        database.close()


@contextmanager
def _working() -> Iterator[Session]:
    """One transaction over every office, for a command that changes or reads rows."""
    with (
        _database(settings.from_environment()) as database,
        database.transaction(EVERYWHERE) as session,
    ):
        yield session


# --- serving ---------------------------------------------------------------------------------

_port = click.option("--port", type=click.IntRange(1, 65535), help="Pintu (bawaan 8000).")
_host = click.option("--host", help="Alamat (bawaan 127.0.0.1).")


def _chosen(host: str | None, port: int | None) -> Settings:
    chosen = settings.from_environment()
    return replace(chosen, host=host or chosen.host, port=port or chosen.port)


@cli.command()
@click.option("--demo", is_flag=True, help="Isi basis data kosong dengan kantor dan akun contoh.")
@_host
@_port
@command("server.run")
def run(demo: bool, host: str | None, port: int | None) -> None:
    """Layani halaman dan jalankan jam, dalam satu program."""
    from tasks import schedule

    chosen = _chosen(host, port)
    with _database(chosen) as database:
        if demo:
            _fill(database)
        timekeeper = schedule.clock(database, clock.now)
        _serve(chosen, database, before=timekeeper.start, after=timekeeper.shutdown)


@cli.command()
@_host
@_port
@command("server.run")
def web(host: str | None, port: int | None) -> None:
    """Layani halaman saja; jamnya dijalankan `alur clock` di tempat lain."""
    chosen = _chosen(host, port)
    with _database(chosen) as database:
        _serve(chosen, database)


@cli.command("clock")
@command("clock.run")
def clock_() -> None:
    """Jalankan jam saja: bangunkan berkas yang waktunya tiba."""
    from tasks import schedule

    with _database(settings.from_environment()) as database:
        timekeeper = schedule.clock(database, clock.now)
        timekeeper.start()
        click.echo("Jam berjalan. Ctrl+C untuk berhenti.")
        _until_told_to_stop()
        timekeeper.shutdown()


@cli.command()
@command("clock.run")
def tick() -> None:
    """Kerjakan sekali semua yang waktunya tiba, lalu katakan apa yang dikerjakan."""
    from tasks import schedule

    with _database(settings.from_environment()) as database:
        for job, result in schedule.tick(database, clock.now()).items():
            click.echo(f"{job}: {result.done} dikerjakan, {result.failed} gagal")


def _serve(
    chosen: Settings,
    database: Database,
    before: Callable[[], Any] = lambda: None,
    after: Callable[[], Any] = lambda: None,
) -> None:
    from waitress.server import create_server

    from engine import demo
    from web import create_app

    _refuse_taken(chosen)
    with database.reading(EVERYWHERE) as session:
        is_demo = demo.is_demo(session)
    if is_demo and not chosen.on_loopback:
        raise DemoStaysHome(host=chosen.host)
    app = create_app(chosen, database)
    server = create_server(app, host=chosen.host, port=chosen.port, threads=8, ident="Alur")
    _greet(chosen, database, is_demo)
    signal.signal(signal.SIGTERM, _stop)
    before()
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        after()
        server.close()


def _refuse_taken(chosen: Settings) -> None:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as wrong:
            other = chosen.port % 65535 + 1
            raise PortTaken(host=chosen.host, port=chosen.port, other=other) from wrong


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
            demo.fill(session, clock.now())


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
        click.echo(f"  {account:<36} {name:<24} {post}")
    click.echo(f"Kata sandi semua akun contoh: {demo.PASSWORD}\n")


# --- SOPs ------------------------------------------------------------------------------------

_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@cli.command()
@_files
@click.option("--json", "as_json", is_flag=True, help="Cetak temuan sebagai JSON.")
@command("sop.see")
def lint(files: tuple[Path, ...], as_json: bool) -> None:
    """Periksa diagram; keluar dengan kode 1 bila ada kesalahan."""
    from bpmn import lint as rules
    from engine.actions import ACTIONS

    actions = frozenset(ACTIONS)
    found = {str(path): rules.lint(_content(path), actions=actions) for path in files}
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _show_findings(found)
    if any(finding.severity == "error" for findings in found.values() for finding in findings):
        sys.exit(1)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise UnreadableFile(path=path, why=wrong.strerror) from wrong


def _as_json(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "file": name,
            "rule": finding.rule,
            "element": finding.element,
            "severity": finding.severity,
            "message": finding.message,
        }
        for name, findings in found.items()
        for finding in findings
    ]


def _show_findings(found: dict[str, Any]) -> None:
    words = {"error": "KESALAHAN", "warning": "peringatan"}
    for name, findings in found.items():
        for finding in findings:
            where = f" [{finding.element}]" if finding.element else ""
            click.echo(f"{name}:{where} {words[finding.severity]}: {finding.message}")
        errors = sum(finding.severity == "error" for finding in findings)
        click.echo(f"{name}: {errors} kesalahan, {len(findings) - errors} peringatan")


@cli.command()
@_files
@click.option("--office", required=True, metavar="SLUG", help="Kantor pemilik SOP.")
@command("sop.publish")
def publish(files: tuple[Path, ...], office: str) -> None:
    """Terbitkan diagram sebagai revisi baru; nama berkasnya menjadi alamat SOP."""
    from engine import sops

    with _database(settings.from_environment()) as database:
        try:
            # One transaction: of several files, all are published or none.
            with database.transaction(EVERYWHERE) as session:
                owner = _office(session, office)
                for path in files:
                    revision = sops.publish(
                        session, MACHINE, owner, path.stem, _content(path), clock.now()
                    )
                    click.echo(f"{office}/{path.stem}: revisi {revision.number} diterbitkan")
        except sops.Refused as refused:
            _show_findings({str(path): refused.findings})
            raise


def _office(session: Session, slug: str) -> Any:
    from sqlalchemy import select

    from engine.models import Office

    office = session.scalar(select(Office).where(Office.slug == slug))
    if office is None:
        known = session.scalars(select(Office.slug).order_by(Office.slug).limit(10)).all()
        raise NoSuchOffice(slug=slug, known=", ".join(known) or "belum ada satu pun")
    return office


# --- people and history ----------------------------------------------------------------------


@cli.group()
def user() -> None:
    """Kelola akun."""


_account = click.argument("account")
_password = click.password_option("--password", prompt="Kata sandi", help="Kata sandi baru.")


@user.command("add")
@_account
@click.argument("name")
@click.option("--admin", is_flag=True, help="Beri hak administrator.")
@_password
@command("person.manage")
def user_add(account: str, name: str, admin: bool, password: str) -> None:
    """Buat akun baru."""
    from engine import people
    from engine.models import Grant, Person

    people.check_new_password(password)
    account = people.normalised(account)
    with _working() as session:
        if people.find(session, account) is not None:
            raise AccountTaken(account=account)
        hashed = people.hash_password(password)
        person = Person(account=account, name=name, password_hash=hashed)
        session.add(person)
        session.flush()
        if admin:
            session.add(Grant(person_id=person.id, role="admin"))
    click.echo(f"Akun {account} dibuat.")


@user.command("password")
@_account
@_password
@command("person.manage")
def user_password(account: str, password: str) -> None:
    """Ganti kata sandi; semua sesi akun itu berakhir."""
    from engine import people

    people.check_new_password(password)
    with _working() as session:
        person = _person(session, account)
        person.password_hash = people.hash_password(password)
        person.epoch += 1
    click.echo(f"Kata sandi {account} diganti.")


@user.command("close")
@_account
@click.confirmation_option(prompt="Tutup akun ini? Pemiliknya tidak dapat masuk lagi.")
@command("person.manage")
def user_close(account: str) -> None:
    """Tutup akun; riwayatnya tetap."""
    with _working() as session:
        person = _person(session, account)
        person.closed_at, person.epoch = clock.now(), person.epoch + 1
    click.echo(f"Akun {account} ditutup.")


@user.command("list")
@command("person.manage")
def user_list() -> None:
    """Daftar akun yang masih terbuka."""
    from sqlalchemy import select

    from engine.models import Person

    with _working() as session:
        open_ = select(Person).where(Person.closed_at.is_(None)).order_by(Person.account)
        for person in session.scalars(open_):
            click.echo(f"{person.account:<36} {person.name}")


def _person(session: Session, account: str) -> Any:
    from engine import people

    person = people.find(session, account)
    if person is None:
        raise NoSuchAccount(account=account)
    return person


@cli.command()
@command("history.verify")
def verify() -> None:
    """Periksa segel riwayat semua berkas."""
    from engine import history

    with _working() as session:
        lines = history.verify(session)
    click.echo(f"Riwayat utuh: {lines} catatan diperiksa.")


def _not_yet(name: str) -> None:
    @cli.command(name, hidden=True, context_settings={"ignore_unknown_options": True})
    @click.argument("_words", nargs=-1)
    @command("server.run")
    def refuse(_words: tuple[str, ...]) -> None:
        raise NotThereYet(name=name)


for _name in NOT_YET:
    _not_yet(_name)
