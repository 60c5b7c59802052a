"""Check that nobody changed the history behind our back: `alur verify`."""

import click

from engine import settings
from web.commands.ground import command, working


@click.command()
@command("history.verify")
def verify() -> None:
    """Periksa segel riwayat semua berkas, dan segel setiap hari."""
    from engine import anchors, history

    folder = settings.from_environment().data
    with working() as session:
        lines = history.verify(session)
        written = anchors.written_down(folder)
        days = anchors.verify(session, written, folder / anchors.FILE)
    click.echo(f"Riwayat utuh: {lines} catatan dan {days} segel harian diperiksa.")
