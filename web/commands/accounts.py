"""Accounts: `alur user add`, `password`, `close` and `list`."""

from typing import Any

import click
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import clock
from web.commands.ground import CommandError, command, working


class NoSuchAccount(CommandError):
    sentence = N_("Tidak ada akun “%(account)s”.")


class AccountTaken(CommandError):
    sentence = N_("Akun “%(account)s” sudah ada.")


class BadAccount(CommandError):
    sentence = N_("Nama akun harus terdiri dari 1 sampai %(limit)s huruf.")


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
    from sqlalchemy import select

    from engine import people
    from engine.models import Grant, Person

    people.check_new_password(password)
    if not 0 < len(account.strip()) <= people.LONGEST_ACCOUNT:
        raise BadAccount(limit=people.LONGEST_ACCOUNT)
    account = people.normalised(account)
    with working() as session:
        # A closed account as well: its history speaks of who held it.
        if session.scalar(select(Person.id).where(Person.account == account)) is not None:
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
    with working() as session:
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
    with working() as session:
        person = _person(session, account)
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


def _person(session: Session, account: str) -> Any:
    from engine import people

    person = people.find(session, account)
    if person is None:
        raise NoSuchAccount(account=account)
    return person
