"""Accounts: `alur user add`, `system`, `password`, `close` and `list`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import clock
from web.commands.ground import CommandError, command, working

if TYPE_CHECKING:
    from engine.models import Person


class NoSuchAccount(CommandError):
    sentence = N_("Tidak ada akun “%(account)s”.")


class AccountTaken(CommandError):
    sentence = N_("Akun “%(account)s” sudah ada.")


class BadAccount(CommandError):
    sentence = N_("Nama akun harus terdiri dari 1 sampai %(limit)s huruf.")


class NoReach(CommandError):
    sentence = N_("Sebut kantornya: --office SLUG, --kabupaten NAMA, atau --everywhere.")


class NoSuchReach(CommandError):
    sentence = N_("Tidak ada kantor atau kabupaten “%(name)s”.")


class NoPassword(CommandError):
    sentence = N_("Akun %(account)s milik program lain: tanpa kata sandi. Buat token: alur token.")


@click.group()
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
    from engine.models import Grant

    people.check_new_password(password)
    with working() as session:
        person = _new(session, account, name, people.hash_password(password))
        if admin:
            session.add(Grant(person_id=person.id, role="admin"))
    click.echo(f"Akun {person.account} dibuat.")


@user.command("system")
@_account
@click.argument("name")
@click.option("--office", "offices", multiple=True, metavar="SLUG", help="Kantor yang dilayani.")
@click.option("--kabupaten", multiple=True, metavar="NAMA", help="Semua kantor kabupaten ini.")
@click.option("--everywhere", is_flag=True, help="Semua kantor.")
@command("person.manage")
def user_system(
    account: str, name: str, offices: tuple[str, ...], kabupaten: tuple[str, ...], everywhere: bool
) -> None:
    """Buat akun program lain: tanpa kata sandi, masuk hanya dengan token."""
    from engine.models import Grant

    if not (offices or kabupaten or everywhere):
        raise NoReach
    with working() as session:
        person = _new(session, account, name, "", is_system=True)
        for reach in _reaches(session, offices, kabupaten, everywhere):
            session.add(Grant(person_id=person.id, role="sistem", **reach))
    click.echo(f"Akun sistem {person.account} dibuat. Buat tokennya: alur token {person.account}")


def _new(
    session: Session, account: str, name: str, hashed: str, *, is_system: bool = False
) -> "Person":
    from sqlalchemy import select

    from engine import people
    from engine.models import Person

    if not 0 < len(account.strip()) <= people.LONGEST_ACCOUNT:
        raise BadAccount(limit=people.LONGEST_ACCOUNT)
    account = people.normalised(account)
    # A closed account as well: its history speaks of who held it.
    if session.scalar(select(Person.id).where(Person.account == account)) is not None:
        raise AccountTaken(account=account)
    person = Person(account=account, name=name, password_hash=hashed, is_system=is_system)
    session.add(person)
    session.flush()
    return person


def _reaches(
    session: Session, offices: tuple[str, ...], kabupaten: tuple[str, ...], everywhere: bool
) -> Iterator[dict[str, Any]]:
    """Where a program may go, as its grants say it."""
    from sqlalchemy import select

    from engine.models import Office

    for slug in offices:
        office_id = session.scalar(select(Office.id).where(Office.slug == slug))
        if office_id is None:
            raise NoSuchReach(name=slug)
        yield {"office_id": office_id}
    for name in kabupaten:
        if session.scalar(select(Office.id).where(Office.kabupaten == name).limit(1)) is None:
            raise NoSuchReach(name=name)
        yield {"kabupaten": name}
    if everywhere:
        yield {}


@user.command("password")
@_account
@_password
@command("person.manage")
def user_password(account: str, password: str) -> None:
    """Ganti kata sandi; semua sesi akun itu berakhir."""
    from engine import people

    people.check_new_password(password)
    with working() as session:
        person = find(session, account)
        if person.is_system:
            raise NoPassword(account=person.account)
        person.password_hash = people.hash_password(password)
        person.epoch += 1
    click.echo(f"Kata sandi {account} diganti.")


@user.command("close")
@_account
@click.confirmation_option(prompt="Tutup akun ini? Pemiliknya tidak dapat masuk lagi.")
@command("person.manage")
def user_close(account: str) -> None:
    """Tutup akun; riwayatnya tetap."""
    with working() as session:
        person = find(session, account)
        person.closed_at, person.epoch = clock.now(), person.epoch + 1
    click.echo(f"Akun {account} ditutup.")


@user.command("list")
@command("person.manage")
def user_list() -> None:
    """Daftar akun yang masih terbuka."""
    from sqlalchemy import select

    from engine.models import Person

    with working() as session:
        open_ = select(Person).where(Person.closed_at.is_(None)).order_by(Person.account)
        for person in session.scalars(open_):
            click.echo(f"{person.account:<36} {person.name}")


def find(session: Session, account: str) -> "Person":
    """Whose open account it is, or a sentence that there is none."""
    from engine import people

    person = people.find(session, account)
    if person is None:
        raise NoSuchAccount(account=account)
    return person
