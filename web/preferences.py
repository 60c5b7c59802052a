"""How I am told outside of Alur: at which address, of what, at once or in the morning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine.models import Contact
from tasks import contacts, lists, preferences
from tasks.channels import Channels
from tasks.channels.ground import BadAddress, Channel
from tasks.preferences import ANY_HOUR, AT_ONCE, DIGEST, OFF
from web import errors, kept
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("preferences", __name__)

SAID: Final[Mapping[str, str]] = {
    "waiting": N_("Langkah menunggu jabatan Anda"),
    "given": N_("Langkah diserahkan atau ditugaskan kepada Anda, atau Anda diingatkan"),
    "sent back": N_("Berkas dikembalikan ke langkah jabatan Anda"),
    "late": N_("Langkah lewat tenggat"),
    "mentioned": N_("Anda disebut dalam komentar"),
    "stuck": N_("Berkas macet"),
    "course": N_("Berkas Anda selesai, dibatalkan, dihentikan atau didahulukan"),
}
WAYS: Final[Mapping[str, str]] = {
    AT_ONCE: N_("segera"),
    DIGEST: N_("ringkasan pagi"),
    OFF: N_("jangan kirim"),
}


@dataclass(frozen=True)
class Section:
    """One way out as she sees it: what it asks for, and how far she has come with it."""

    name: str
    channel: Channel
    contact: Contact | None
    # Why its code did not leave, where it was tried.
    trouble: str | None
    is_waiting: bool
    ways: Mapping[str, str]

    @property
    def is_proved(self) -> bool:
        return self.contact is not None and self.contact.proved_at is not None

    def field(self, topic: str) -> str:
        """The name of its choice: the page has one for each channel."""
        return f"{self.name}-{topic.replace(' ', '-')}"


@blueprint.get("/preferences")
@allow("self")
def page() -> str:
    return _page({})


@blueprint.post("/preferences/<channel>/address")
@allow("self", form="preferences.page")
def give(channel: str) -> ResponseReturnValue:
    field = f"{channel}-address"
    try:
        address = request.form.get(field, "").strip()
        contacts.give(g.session, g.actor, _channels(), channel, address, g.now)
    except contacts.NoSuchChannel:
        raise
    except (contacts.ContactError, BadAddress) as error:
        return _page({field: errors.sentence(error)}), error.status
    kept.drop(url_for("preferences.page"))
    flash(_("Kode dikirim. Tulis di sini begitu sampai."), "success")
    return _back(channel)


@blueprint.post("/preferences/<channel>/proof")
@allow("self", form="preferences.page")
def prove(channel: str) -> ResponseReturnValue:
    # Led onwards also where it is wrong: an answer that refuses would not keep the count.
    try:
        is_right = contacts.prove(
            g.session, g.actor, channel, request.form.get(f"{channel}-code", ""), g.now
        )
    except contacts.NothingToProve as error:
        flash(errors.sentence(error), "danger")
        return _back(channel)
    if is_right:
        kept.drop(url_for("preferences.page"))
        flash(_("Alamat terbukti milik Anda. Mulai sekarang ia dipakai."), "success")
    else:
        flash(_("Kode tidak cocok. Salin dari pesan terakhir yang Anda terima."), "danger")
    return _back(channel)


@blueprint.post("/preferences/<channel>/choices")
@allow("self", form="preferences.page")
def choose(channel: str) -> ResponseReturnValue:
    ways = {
        topic: request.form.get(f"{channel}-{topic.replace(' ', '-')}", "")
        for topic in preferences.USUAL
    }
    ways[ANY_HOUR] = AT_ONCE if ways[ANY_HOUR] else OFF
    contacts.choose(g.session, g.actor, channel, ways, g.now)
    kept.drop(url_for("preferences.page"))
    flash(_("Pilihan Anda disimpan."), "success")
    return _back(channel)


@blueprint.post("/preferences/<channel>/removal")
@allow("self", form="preferences.page")
def remove(channel: str) -> ResponseReturnValue:
    contacts.take_away(g.session, g.actor, channel, g.now)
    flash(_("Alamat dihapus. Tidak ada lagi yang dikirim ke sana."), "success")
    return _back(channel)


def _back(channel: str) -> ResponseReturnValue:
    anchor = channel if channel in _channels() else None
    return redirect(url_for("preferences.page", _anchor=anchor), 303)


def _channels() -> Channels:
    known: Channels = current_app.config["CHANNELS"]
    return known


def _page(wrong: Mapping[str, str]) -> str:
    fields, is_draft = kept.fields()
    return render_template(
        "preferences/page.html",
        sections=_sections(),
        wrong=wrong,
        fields=request.form if wrong else fields,
        is_draft=is_draft,
        said=SAID,
        ways=[(way, _(words)) for way, words in WAYS.items()],
        any_hour=ANY_HOUR,
        at_once=AT_ONCE,
        most_tries=contacts.MOST_TRIES,
        zone=lists.zone_of(g.session, g.actor),
        now=g.now,
    )


def _sections() -> list[Section]:
    mine = contacts.of(g.session, g.actor)
    chosen = preferences.of(g.session, [g.actor.person_id])
    return [
        Section(
            name=name,
            channel=channel,
            contact=(contact := mine.get(name)),
            trouble=_trouble(contact),
            is_waiting=contact is not None and contacts.is_waiting(contact, g.now),
            ways={
                topic: chosen.said(g.actor.person_id, name, topic) for topic in preferences.USUAL
            },
        )
        for name, channel in _channels().items()
    ]


def _trouble(contact: Contact | None) -> str | None:
    why = contacts.trouble(g.session, contact) if contact is not None else None
    return _(why) if why else None
