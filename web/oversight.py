"""What leaders do from the monitor, to one step or to many: each has its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import colleagues
from tasks import oversight
from tasks.ground import TaskError
from tasks.oversight import Chosen, Result, Said
from web import addresses, choices, errors, urgency
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("oversight", __name__, url_prefix="/monitor")

LONGEST: Final = 1_000


@dataclass(frozen=True)
class Deed:
    """What can be done: what its button says, what its page says of it, and what it asks."""

    label: str
    done: str
    says: str = ""
    asks: tuple[str, ...] = ()
    # What the field for its reason is called; of these, a reason may be left out.
    reason: str = N_("Alasan")
    optional: frozenset[str] = field(default_factory=frozenset)
    grave: bool = False


DEEDS: Final = {
    "remind": Deed(N_("Ingatkan"), N_("Pelaksananya sudah diingatkan.")),
    "ask": Deed(
        N_("Tanyakan sebab"),
        N_("Sebab keterlambatannya sudah ditanyakan."),
        N_("Pelaksananya diminta menjelaskan sebab keterlambatan; jawabannya tampil di monitor."),
        ("reason",),
        N_("Pesan"),
        frozenset({"reason"}),
    ),
    "know": Deed(N_("Nyatakan mengetahui"), N_("Tercatat bahwa Anda mengetahui keterlambatannya.")),
    "assign": Deed(
        N_("Alihkan"),
        N_("Langkah dialihkan; penerimanya sudah diberi tahu."),
        N_("Langkah menjadi tugas orang yang Anda pilih, siapa pun yang memegangnya sekarang."),
        ("to", "reason"),
    ),
    "unassign": Deed(
        N_("Kembalikan ke jabatannya"),
        N_("Langkah kembali menunggu semua pemegang jabatannya."),
        N_("Langkah dilepas dari pemegangnya dan menunggu semua pemegang jabatannya."),
        ("reason",),
    ),
    "pause": Deed(
        N_("Hentikan jam"),
        N_("Jam langkah berhenti."),
        N_("Jam langkah berhenti, dan tenggatnya bergeser selama ia berhenti."),
        ("reason", "awaited"),
        N_("Mengapa jamnya dihentikan"),
    ),
    "go-on": Deed(N_("Jalankan jam"), N_("Jam langkah berjalan lagi; tenggatnya sudah digeser.")),
    "move": Deed(
        N_("Pindahkan"),
        N_("Berkas dipindahkan."),
        N_(
            "Langkah ditarik dari pemegangnya, lalu langkah tujuan dibuka, apa pun kata diagramnya."
        ),
        ("step", "reason"),
    ),
    "prioritise": Deed(
        N_("Ubah sifat"),
        N_("Sifat berkas diubah; langkah-langkahnya mengikuti."),
        N_("Berkas yang segera tampil di atas pada setiap daftar tugas; tenggatnya tidak berubah."),
        ("priority", "reason"),
    ),
    "resume": Deed(
        N_("Lanjutkan berkas"),
        N_("Berkas dilanjutkan; tenggatnya bergeser selama waktu ia berhenti."),
        N_("Berkas berjalan lagi dari tempat ia berhenti. Setiap tenggat bergeser."),
        ("reason",),
    ),
    "retry": Deed(N_("Coba lagi"), N_("Berkas berjalan lagi.")),
    "cancel": Deed(
        N_("Batalkan berkas"),
        N_("Berkas dibatalkan."),
        N_("Berkas berakhir untuk selamanya dan semua langkahnya ditarik; tidak dapat dihidupkan."),
        ("reason",),
        grave=True,
    ),
}


class NoSuchDeed(TaskError):
    sentence = N_("Pilih apa yang akan dilakukan.")
    status = 422


@blueprint.post("/deeds")
@allow("monitor.see", form="monitor.page")
def do() -> ResponseReturnValue:
    name = request.form.get("do", "")
    if name not in DEEDS:
        raise NoSuchDeed
    deed = DEEDS[name]
    about = oversight.chosen(g.session, g.actor, name, _ids("chosen"), _ids("case"))
    if deed.asks and "sure" not in request.form:
        return _ask(name, about, {})
    results = oversight.carry_out(g.session, g.actor, name, about, _said(), g.now)
    wrong = _wrong(deed, results)
    if wrong:
        return _ask(name, about, wrong), 422
    if len(results) == 1 and results[0].refused is None:
        flash(_(deed.done), "success")
        return redirect(_back(), 303)
    return _told(deed, results)


def _said() -> Said:
    said = request.form
    to = said.get("to", "")
    return Said(
        to=int(to) if _is_id(to) else 0,
        reason=said.get("reason", ""),
        awaited=said.get("awaited", ""),
        step=said.get("step", "")[:120],
        priority=urgency.read(said.get("priority", "")),
    )


def _ids(name: str) -> list[int]:
    return [int(id) for id in request.form.getlist(name) if _is_id(id)]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _wrong(deed: Deed, results: Sequence[Result]) -> dict[str, str]:
    """What must be mended in the form, where that is why nothing at all was done."""
    wrong: dict[str, str] = {}
    for result in results:
        name = oversight.field_of(result.refused)
        if result.refused is None or name not in deed.asks:
            return {}
        wrong.setdefault(name, errors.sentence(result.refused))
    return wrong


def _ask(name: str, about: Sequence[Chosen], wrong: dict[str, str]) -> str:
    """What will happen, and to which; nothing has happened yet."""
    deed = DEEDS[name]
    return render_template(
        "monitor/deed.html",
        name=name,
        deed=deed,
        about=about,
        wrong=wrong,
        fields=request.form,
        people=_people(about) if "to" in deed.asks else [],
        steps=oversight.steps_to_move_to(g.session, about) if "step" in deed.asks else [],
        urgencies=urgency.LABELS,
        limit=LONGEST,
        back=_back(),
    )


def _people(about: Sequence[Chosen]) -> list[tuple[int, str]]:
    """Whoever works in the offices these are of."""
    offices = {each.office_id for each in about}
    return [
        person
        for office in sorted(offices)
        for person in choices.people(colleagues.of_office(g.session, office, g.now))
    ]


def _told(deed: Deed, results: Sequence[Result]) -> str:
    """Those that were refused first, each with its reason."""
    said = [
        (each.chosen, errors.sentence(each.refused) if each.refused else None) for each in results
    ]
    return render_template(
        "monitor/deeds_done.html",
        deed=deed,
        done=[chosen for chosen, why in said if why is None],
        refused=[(chosen, why) for chosen, why in said if why is not None],
        back=_back(),
    )


def _back() -> str:
    """The list she came from, as it was narrowed."""
    return addresses.local(request.form.get("back"), url_for("monitor.page"))
