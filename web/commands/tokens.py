"""Keys for other programs: `alur token USER`, `alur tokens list` and `alur tokens revoke`."""

import click

from engine import clock
from engine.access import SCOPES
from web.commands.accounts import find
from web.commands.ground import command, working

_WORDS = ", ".join(SCOPES)


@click.command()
@click.argument("account")
@click.option("--name", default="alur token", help="Untuk apa token ini.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    help=f"Kegunaan, boleh beberapa: {_WORDS} (bawaan: semuanya).",
)
@click.option("--days", type=int, default=90, show_default=True, help="Masa berlaku dalam hari.")
@command("person.manage")
def token(account: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Buat token API untuk sebuah akun; hanya tokennya yang dicetak."""
    from engine import tokens

    with working() as session:
        _, text = tokens.make(
            session, find(session, account), name, scopes or tuple(SCOPES), days, clock.now()
        )
    click.echo(text)


@click.group()
def tokens() -> None:
    """Lihat dan cabut token API."""


@tokens.command("list")
@click.argument("account", required=False)
@command("person.manage")
def tokens_list(account: str | None) -> None:
    """Daftar token yang berlaku, dari semua akun atau satu akun."""
    from engine import tokens

    with working() as session:
        only = find(session, account).id if account else None
        for token, person in tokens.everyones(session, clock.now()):
            if only in (None, person.id):
                used = f"terakhir {token.used_at:%Y-%m-%d %H}.00 UTC" if token.used_at else "belum"
                click.echo(
                    f"{token.id:>6}  {person.account:<36} {token.name:<30} {token.scopes:<24} "
                    f"sampai {token.expires_at:%Y-%m-%d}  dipakai {used}"
                )


@tokens.command("revoke")
@click.argument("numbers", nargs=-1, required=True, type=int)
@command("person.manage")
def tokens_revoke(numbers: tuple[int, ...]) -> None:
    """Cabut token menurut nomornya pada daftar; tidak ada yang dapat memakainya lagi."""
    from engine import tokens

    with working() as session:
        for number in numbers:
            tokens.revoke(session, number, clock.now())
    click.echo(f"{len(numbers)} token dicabut.")
