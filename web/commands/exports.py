"""Hand things over: an office's cases to an archive, a person's data to that person."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from bpmn.errors import N_
from engine import clock, settings
from engine.db import EVERYWHERE
from web.commands.accounts import find
from web.commands.ground import CommandError, command, opened

if TYPE_CHECKING:
    from engine.handover import Which

_day = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])


class OneOfThem(CommandError):
    sentence = N_(
        "Sebut satu: --office SLUG untuk berkas kantor, atau --person AKUN untuk datanya."
    )


class NoSuchOffice(CommandError):
    sentence = N_("Tidak ada kantor “%(slug)s”. Lihat: alur office list")


class DocumentsMissing(CommandError):
    sentence = N_(
        "%(count)s dokumen tidak ada di penyimpanan, jadi tidak ikut diserahkan; selebihnya ada."
    )


@click.command()
@click.argument("path", metavar="BERKAS", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--office", metavar="SLUG", help="Berkas kantor ini, dengan riwayat dan dokumennya.")
@click.option("--from", "first", type=_day, help="Hanya yang berakhir sejak tanggal ini.")
@click.option("--to", "last", type=_day, help="Hanya yang berakhir sampai tanggal ini.")
@click.option("--open-too", is_flag=True, help="Juga berkas yang masih berjalan.")
@click.option("--person", metavar="AKUN", help="Semua yang disimpan tentang orang ini, JSON.")
@command("server.run")
def export(
    path: Path,
    office: str | None,
    first: datetime | None,
    last: datetime | None,
    open_too: bool,
    person: str | None,
) -> None:
    """Serahkan berkas kantor kepada arsip (zip), atau data seseorang kepadanya (JSON)."""
    if (office is None) == (person is None):
        raise OneOfThem
    if person is not None:
        _person(path, person)
    elif office is not None:
        from engine.handover import Which

        since, until = (each.date() if each else None for each in (first, last))
        _office(path, office, Which(since, until, open_too))


def _office(path: Path, slug: str, which: "Which") -> None:
    from sqlalchemy import select

    from engine import handover
    from engine.models import Office

    chosen = settings.from_environment()
    with opened(chosen) as database, database.reading(EVERYWHERE) as session:
        office = session.scalar(select(Office).where(Office.slug == slug))
        if office is None:
            raise NoSuchOffice(slug=slug)
        folder = chosen.data / "dokumen"
        handed = handover.write(session, office, which, folder, path, clock.now())
    click.echo(f"{path}: {handed.cases} berkas, {handed.documents} dokumen.")
    if handed.missing:
        raise DocumentsMissing(count=len(handed.missing))


def _person(path: Path, account: str) -> None:
    from engine import parcels, persondata

    with (
        opened(settings.from_environment()) as database,
        database.reading(EVERYWHERE) as session,
    ):
        known = persondata.of(session, find(session, account), clock.now())
    option = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
    parcels.write_alone(path, orjson.dumps(known, option=option))
    click.echo(f"{path}: {sum(map(len, known['data'].values()))} catatan.")
