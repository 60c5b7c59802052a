"""Accounts: `alur user add`, `system`, `password`, `close` and `list`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import clock
from engine.access import MACHINE
from web.commands.ground import CommandError, command, working

if TYPE_CHECKING:
    from engine.models import Person


class NoReach(CommandError):
    sentence = N_("Sebut kantornya: --office SLUG, --kabupaten NAMA, atau --everywhere.")


class NoSuchReach(CommandError):
    sentence = N_("Tidak ada kantor atau kabupaten “%(name)s”.")


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
    from engine import accounts
    from engine.models import Grant

    with working() as session:
        person = accounts.open_(
            session, MACHINE, account, name, password, clock.now(), is_first=False
        )
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
    from engine import accounts
    from engine.models import Grant

    if not (offices or kabupaten or everywhere):
        raise NoReach
    with working() as session:
        person = accounts.open_(session, MACHINE, account, name, None, clock.now())
        for reach in _reaches(session, offices, kabupaten, everywhere):
            session.add(Grant(person_id=person.id, role="sistem", **reach))
    click.echo(f"Akun sistem {person.account} dibuat. Buat tokennya: alur token {person.account}")


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
    from engine import accounts

    with working() as session:
        person = find(session, account)
        # Whoever types it here may well be its owner: it is no first password.
        accounts.reset(session, MACHINE, person, password, clock.now(), is_first=False)
    click.echo(f"Kata sandi {account} diganti.")


@user.command("close")
@_account
@click.confirmation_option(prompt="Tutup akun ini? Pemiliknya tidak dapat masuk lagi.")
@command("person.manage")
def user_close(account: str) -> None:
    """Tutup akun; riwayatnya tetap."""
    from engine import accounts

    with working() as session:
        accounts.close(session, MACHINE, find(session, account), clock.now())
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
    from engine import accounts, people

    person = people.find(session, account)
    if person is None:
        raise accounts.NoSuchAccount(account=account)
    return person
