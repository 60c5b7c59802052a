"""Offices: `alur office add` and `alur office list`."""

import click

from engine import clock
from engine.access import MACHINE
from web.commands.ground import command, working

_ZONES = ("WIB", "WITA", "WIT")


@click.group()
def office() -> None:
    """Kelola kantor."""


@office.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--kabupaten", required=True, help="Misalnya: Kabupaten Banjar.")
@click.option("--province", required=True, help="Misalnya: Kalimantan Selatan.")
@click.option("--zone", required=True, type=click.Choice(_ZONES), help="Zona waktunya.")
@click.option(
    "--hours",
    type=click.Choice(["perpres", "banjar", "banyumas"]),
    default="perpres",
    show_default=True,
    help="Jam kerja awal; diubah di kalendernya.",
)
@click.option("--slug", default="", help="Alamatnya (bawaan: dari namanya).")
@command("office.manage")
def office_add(
    code: str, name: str, kabupaten: str, province: str, zone: str, hours: str, slug: str
) -> None:
    """Buat kantor baru: kode wilayah dan nama, misalnya 63.03.03 "Kecamatan Gambut"."""
    from engine import identity

    zones = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
    facts = identity.Facts(name, code, kabupaten, province)
    with working() as session:
        made = identity.add(session, MACHINE, facts, zones[zone], hours, clock.now(), slug=slug)
    click.echo(f"Kantor {made.slug} dibuat: {made.name}, {made.kabupaten}.")


@office.command("list")
@click.argument("search", default="")
@command("office.manage")
def office_list(search: str) -> None:
    """Daftar kantor."""
    from engine import offices

    with working() as session:
        after, more = None, True
        while more:
            found = offices.page(
                session, MACHINE, "office.manage", search=search, after=after, limit=500
            )
            for each in found.items:
                click.echo(f"{each.code}  {each.slug:<24} {each.name}, {each.kabupaten}")
            after, more = found.next, found.next is not None
