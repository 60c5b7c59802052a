"""Everything in one file, and back: `alur backup` and `alur restore`."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bpmn.errors import N_
from engine import clock, settings
from engine.settings import Settings
from web.commands.ground import CommandError, command, opened

if TYPE_CHECKING:
    from engine.backup.reading import Archive
    from engine.backup.writing import Written

_path = click.argument("path", metavar="BERKAS", type=click.Path(path_type=Path, dir_okay=False))


class DocumentsMissing(CommandError):
    sentence = N_(
        "%(count)s dokumen tidak ada atau rusak di penyimpanan, jadi tidak ikut dicadangkan. "
        "Selebihnya utuh. Cari dokumen itu di cadangan lama."
    )


@click.command()
@_path
@click.option("--without-documents", is_flag=True, help="Basis data dan kunci saja.")
@command("server.run")
def backup(path: Path, without_documents: bool) -> None:
    """Tulis cadangan: basis data, dokumen dan kunci, dalam satu berkas. Alur boleh berjalan."""
    from engine.backup import writing

    chosen = settings.from_environment()
    with opened(chosen) as database:
        written = writing.write(
            database,
            chosen.data,
            path,
            clock.now(),
            version("alur"),
            with_documents=not without_documents,
        )
    _tell(written)
    if written.missing:
        raise DocumentsMissing(count=len(written.missing))


def _tell(written: "Written") -> None:
    click.echo(
        f"{written.path}: {written.rows} baris dari {written.tables} tabel, "
        f"{written.documents} dokumen, {written.size / 1e6:.1f} MB"
    )
    click.echo(f"SHA-256 {written.sha256}")


@click.command()
@_path
@click.option("--yes", is_flag=True, help="Ganti semua isi basis data yang ada.")
@click.option("--check", is_flag=True, help="Hanya periksa berkasnya; tidak ada yang diubah.")
@command("server.run")
def restore(path: Path, yes: bool, check: bool) -> None:
    """Pulihkan cadangan. Hentikan Alur dahulu; semuanya dipulihkan, atau tidak satu pun."""
    from engine.backup import reading

    with reading.opened(path) as archive:
        if check:
            archive.check()
            click.echo(f"{path} utuh: {_contents(archive)}.")
            return
        _restore(archive, settings.from_environment(), yes)


def _contents(archive: "Archive") -> str:
    count = sum(known["rows"] for _shape, known in archive.tables)
    documents = f"{len(archive.documents())} dokumen" if archive.has_documents else "tanpa dokumen"
    made = archive.manifest["made_at"]
    return f"{count} baris dari {len(archive.tables)} tabel, {documents}, dibuat {made}"


def _restore(archive: "Archive", chosen: Settings, yes: bool) -> None:
    from engine.backup import restoring

    if yes:
        _set_aside(chosen)
    with opened(chosen) as database:
        put_back = restoring.restore(database, chosen.data, archive, clock.now(), replace=yes)
    click.echo(
        f"Dipulihkan: {put_back.rows} baris dari {put_back.tables} tabel, "
        f"{put_back.documents} dokumen. Riwayat utuh: {put_back.events} catatan diperiksa."
    )
    if put_back.missing:
        raise StillMissing(count=put_back.missing, folder=chosen.data / "dokumen")


class StillMissing(CommandError):
    sentence = N_(
        "%(count)s dokumen tidak ada dalam cadangan dan tidak ada di %(folder)s. Salin folder "
        "dokumen yang lama ke sana; selebihnya sudah pulih."
    )


def _set_aside(chosen: Settings) -> None:
    """A SQLite file that nobody can read makes room, and is not thrown away."""
    from engine import schema
    from engine.backup import restoring

    try:
        with opened(chosen):
            return
    except (schema.Damaged, schema.NotOurs):
        moved = restoring.set_aside(chosen.url, clock.now())
        if moved is None:
            raise
        click.echo(f"Basis data yang rusak disimpan sebagai {moved}.")
