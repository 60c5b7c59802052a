"""Check that nobody changed the history behind our back: `alur verify`."""

import click

from web.commands.ground import command, working


@click.command()
@command("history.verify")
def verify() -> None:
    """Periksa segel riwayat semua berkas."""
    from engine import history

    with working() as session:
        lines = history.verify(session)
    click.echo(f"Riwayat utuh: {lines} catatan diperiksa.")
