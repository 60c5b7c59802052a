"""Look a diagram over, put it in force, and bring running cases to it."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import clock, settings
from engine.access import MACHINE
from engine.db import EVERYWHERE
from web.commands.ground import CommandError, command, opened

if TYPE_CHECKING:
    from engine.migration import Outlook
    from engine.models import Revision


class NoSuchOffice(CommandError):
    sentence = N_("Tidak ada kantor “%(slug)s”. Yang ada: %(known)s.")


class UnreadableFile(CommandError):
    sentence = N_("Berkas %(path)s tidak dapat dibaca: %(why)s.")


class NoSuchSop(CommandError):
    sentence = N_("Tidak ada SOP “%(name)s”. Tulis kantor/sop, misalnya gambut/surat-masuk.")


class BadTarget(CommandError):
    sentence = N_(
        "“%(text)s” bukan pasangan langkah. Tulis LAMA=BARU, misalnya Langkah_3=Langkah_4."
    )


_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@_files
@click.option("--json", "as_json", is_flag=True, help="Cetak temuan sebagai JSON.")
@command("sop.see")
def lint(files: tuple[Path, ...], as_json: bool) -> None:
    """Periksa diagram; keluar dengan kode 1 bila ada kesalahan."""
    from engine import review

    found = {str(path): review.findings(_content(path)) for path in files}
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


@click.command()
@_files
@click.option("--office", required=True, metavar="SLUG", help="Kantor pemilik SOP.")
@command("sop.publish")
def publish(files: tuple[Path, ...], office: str) -> None:
    """Terbitkan diagram sebagai revisi baru. Nama berkasnya menjadi alamat SOP."""
    from engine import sops

    with opened(settings.from_environment()) as database:
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


@click.command()
@click.argument("sop", metavar="KANTOR/SOP")
@click.option("--dry-run", is_flag=True, help="Hanya tunjukkan apa yang akan terjadi.")
@click.option("--target", "targets", multiple=True, metavar="LAMA=BARU", help="Langkah pengganti.")
@command("case.migrate")
def migrate(sop: str, dry_run: bool, targets: tuple[str, ...]) -> None:
    """Bawa berkas yang berjalan ke revisi yang berlaku. Tenggatnya tetap."""
    from engine import migration

    ways = dict(_way(target) for target in targets)
    with opened(settings.from_environment()) as database:
        with database.reading(EVERYWHERE) as session:
            revision = _in_force(session, sop)
            looked = migration.preview(session, MACHINE, revision, ways, clock.now())
        if dry_run:
            _show_outlooks(looked, len(looked))
            return
        done = migration.migrate_all(database, MACHINE, revision.id, ways, clock.now())
        if _show_outlooks(done, len(looked)):
            sys.exit(1)


def _way(target: str) -> tuple[str, str]:
    old, _, new = target.partition("=")
    if not old or not new:
        raise BadTarget(text=target)
    return old, new


def _show_outlooks(outlooks: "Iterable[Outlook]", total: int) -> int:
    """A line a case as it is done, so that a long run can be watched; how many were refused."""
    refused = 0
    for number, each in enumerate(outlooks, start=1):
        refused += not each.is_ready
        what = ", ".join(each.steps) if each.is_ready else f"TETAP: {each.refused}"
        click.echo(f"[{number}/{total}] berkas {each.case_id} {each.title}: {what}")
    click.echo(f"{total - refused} dapat beralih, {refused} tetap pada revisinya")
    return refused


def _in_force(session: Session, name: str) -> "Revision":
    from sqlalchemy import select

    from engine.models import Office, Revision, Sop

    office, _, slug = name.partition("/")
    revision = session.scalar(
        select(Revision)
        .join(Sop, Sop.revision_id == Revision.id)
        .join(Office, Office.id == Sop.office_id)
        .where(Office.slug == office, Sop.slug == slug)
    )
    if revision is None:
        raise NoSuchSop(name=name)
    return revision
