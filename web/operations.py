"""How Alur itself is, in words, for whoever keeps it: what is well, what is not, what to do."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from flask import Blueprint, current_app, g, render_template, url_for

from bpmn.errors import N_
from engine import chores
from engine.access import Forbidden
from engine.db import EVERYWHERE
from engine.models import Chore
from engine.settings import Settings
from engine.vitals import Vitals
from tasks import nightly, retention
from web import documents, gauges
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("operations", __name__)

WELL, LOOK, BAD = "done", "soon", "late"
SAID: Final = {WELL: N_("baik"), LOOK: N_("perhatikan"), BAD: N_("tangani")}
NIGHTLY: Final = {
    "forget": N_("Menghapus catatan lama"),
    "anchor": N_("Menyegel riwayat hari itu"),
    "backup": N_("Menulis cadangan"),
    "optimise": N_("Merawat basis data"),
}
_LAG: Final = timedelta(minutes=1)
_LEAST_FREE: Final = 1 << 30
_CAPITAL: Final = "Asia/Jakarta"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    state: str
    said: str
    # What to do, where something is to be done.
    advice: str = ""
    # The page where it is done.
    where: str | None = None


@blueprint.get("/operations")
@allow("server.see")
def page() -> str:
    if g.actor.offices("server.see") is not EVERYWHERE:
        raise Forbidden
    known, size = gauges.latest(current_app._get_current_object())  # type: ignore[attr-defined]
    settings: Settings = current_app.config["SETTINGS"]
    checks = [*_clock(known), *_nights(known, settings), *_outside(known), *_cases(known)]
    checks += _disk(settings.data, size)
    return render_template(
        "operations/page.html",
        checks=sorted(checks, key=lambda check: (WELL, LOOK, BAD).index(check.state), reverse=True),
        words=SAID,
        known=known,
        nightly=NIGHTLY,
        nights=[(path.name, path.stat().st_size) for path in nightly.backups(settings.data)],
        rules=retention.RULES,
        facts=_facts(settings),
        zone=_CAPITAL,
        now=g.now,
    )


def _clock(known: Vitals) -> Iterator[Check]:
    what, run = _("Jam"), _("Jalankan alur run, atau alur clock di satu server.")
    silence = known.silence
    if silence is None:
        yield Check(what, BAD, _("Belum pernah terlihat: tidak ada yang jatuh tempo."), run)
    elif not known.is_ticking:
        said = _("Tidak terlihat selama %(span)s: tidak ada yang jatuh tempo.", span=_span(silence))
        yield Check(what, BAD, said, run)
    elif known.lag > _LAG:
        said = _("Berjalan, tetapi tertinggal %(span)s.", span=_span(known.lag))
        advice = _("Sesudah lama mati ini wajar. Bila tidak berkurang, lihat catatan (log) server.")
        yield Check(what, LOOK, said, advice)
    else:
        yield Check(what, WELL, _("Berjalan; terlihat %(span)s yang lalu.", span=_span(silence)))


def _nights(known: Vitals, settings: Settings) -> Iterator[Check]:
    late = chores.this_night(g.now) - timedelta(days=1)
    for chore in known.chores:
        what = _(NIGHTLY.get(chore.name, chore.name))
        if chore.said.startswith("!"):
            yield Check(what, BAD, chore.said.removeprefix("! "), _advice(chore))
        elif chore.done_at is None or chore.done_at < late:
            said = _("Tidak dikerjakan lebih dari sehari.")
            yield Check(what, LOOK, said, _("Periksa apakah jamnya berjalan pada malam hari."))
    if not nightly.kept(settings):
        said = _("Cadangan malam dimatikan.")
        advice = _("Pastikan ada cadangan lain, misalnya alur backup dari penjadwal server.")
        yield Check(_("Menulis cadangan"), LOOK, said, advice)


def _advice(chore: Chore) -> str:
    if chore.name == "backup":
        return _("Kosongkan ruang di disk atau perbaiki izin folder cadangan; dicoba lagi sejam.")
    return _("Dicoba lagi dalam sejam. Bila terulang, lihat catatan (log) server.")


def _outside(known: Vitals) -> Iterator[Check]:
    failed, dead = known.deliveries_failed, known.dispatches_dead
    said = ngettext("%(num)s pesan gagal sehari ini.", "%(num)s pesan gagal sehari ini.", failed)
    if failed:
        advice = _("Lihat sebabnya dan kirim lagi; penerimanya tetap membaca di Alur.")
        yield Check(_("Pesan keluar"), LOOK, said, advice, url_for("deliveries.failed"))
    else:
        yield Check(_("Pesan keluar"), WELL, said)
    if dead:
        told = ngettext(
            "%(num)s kiriman webhook gagal sehari ini.",
            "%(num)s kiriman webhook gagal sehari ini.",
            dead,
        )
        advice = _("Buka halaman webhook, perbaiki, kirim ulang.")
        yield Check(_("Webhook"), LOOK, told, advice, url_for("webhooks.index"))


def _cases(known: Vitals) -> Iterator[Check]:
    stuck, behind = known.incidents, known.not_following
    said = ngettext("%(num)s berkas macet.", "%(num)s berkas macet.", stuck)
    advice = _("Pimpinan kantornya sudah diberi tahu dan dapat mencobanya lagi.") if stuck else ""
    yield Check(_("Berkas"), LOOK if stuck else WELL, said, advice)
    if behind:
        told = ngettext(
            "%(num)s berkas masih bertenggat menurut jam kerja lama.",
            "%(num)s berkas masih bertenggat menurut jam kerja lama.",
            behind,
        )
        yield Check(_("Kalender"), LOOK, told, _("Buka perubahan kalender kantornya: Coba lagi."))


def _disk(folder: Path, size: int) -> Iterator[Check]:
    free = shutil.disk_usage(folder).free
    said = _(
        "Basis data %(size)s; ruang kosong %(free)s.",
        size=documents.size(size),
        free=documents.size(free),
    )
    is_tight = free < max(_LEAST_FREE, 2 * size)
    advice = _("Tambah ruang: cadangan dan dokumen memerlukan tempat.") if is_tight else ""
    yield Check(_("Penyimpanan"), BAD if is_tight else WELL, said, advice)


def _facts(settings: Settings) -> list[tuple[str, str]]:
    bind = current_app.extensions["database"].bind
    try:
        ours = version("alur")
    except PackageNotFoundError:
        ours = "?"
    return [
        ("Alur", ours),
        (_("Basis data"), {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[bind.dialect.name]),
        ("Python", platform.python_version()),
        (_("Folder data"), str(settings.data)),
    ]


def _span(length: timedelta) -> str:
    seconds = int(abs(length).total_seconds())
    if seconds < 120:
        return ngettext("%(num)s detik", "%(num)s detik", seconds)
    if seconds < 7200:
        return ngettext("%(num)s menit", "%(num)s menit", seconds // 60)
    return ngettext("%(num)s jam", "%(num)s jam", seconds // 3600)


@blueprint.app_template_filter("kept_for")
def kept_for(length: timedelta) -> str:
    """`90 hari`"""
    return ngettext("%(num)s hari", "%(num)s hari", length.days)
