"""Webhooks: which addresses are told what happens here, what they were sent, and what failed."""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Final

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import offices, receipts, webhooks
from engine.models import Office
from tasks import drafts, lists, outside
from tasks import webhooks as sender
from web import errors, kept, once
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("webhooks", __name__)

TOPICS: Final = {
    "case": N_("Berkas: dimulai, selesai, dibatalkan, ditangguhkan"),
    "task": N_("Tugas: dibuka, diambil, selesai, diserahkan"),
    "escalation": N_("Eskalasi: langkah lewat tenggat"),
}
STATES: Final = {
    "": N_("Semua"),
    "waiting": N_("Menunggu"),
    "sent": N_("Terkirim"),
    "dead": N_("Gagal"),
}
# Of more offices than this nobody chooses from a list.
_MOST_CHOICES: Final = 60


@blueprint.get("/webhooks")
@allow(webhooks.RIGHT)
def index() -> str:
    fields, _is_draft = kept.fields()
    return _index(fields, {})


@blueprint.post("/webhooks")
@allow(webhooks.RIGHT, form="webhooks.index")
def make() -> ResponseReturnValue:
    key = once.key()
    if (done := receipts.answered(g.session, g.actor.person_id, key)) is not None:
        return redirect(done, 303)
    try:
        url = sender.check(request.form.get("url", "").strip(), current_app.config["NETWORKS"])
        made = webhooks.make(
            g.session,
            g.actor,
            _office(request.form.get("office", "").strip()),
            request.form.get("name", ""),
            url,
            request.form.getlist("topics"),
            g.now,
        )
    except (webhooks.WebhookError, outside.OutsideError, offices.NoSuchOffice) as error:
        usual = "url" if isinstance(error, outside.OutsideError) else "office"
        wrong = {getattr(error, "field", usual): errors.sentence(error)}
        return _index(request.form, wrong), 422
    drafts.drop(g.session, g.actor.person_id, url_for("webhooks.index"))
    place = url_for("webhooks.page", webhook_id=made.id)
    receipts.keep(g.session, g.actor.person_id, key, place, g.now)
    # Not led onwards: its secret is shown this once.
    return render_template("webhooks/made.html", webhook=made)


def _office(slug: str) -> Office | None:
    if slug:
        return offices.find(g.session, g.actor, slug, webhooks.RIGHT)
    mine = offices.page(g.session, g.actor, webhooks.RIGHT, limit=2)
    # Who has but one office does not choose it; nothing chosen is every office.
    is_everywhere = g.actor.offices(webhooks.RIGHT) is None
    return mine.items[0] if mine.count == 1 and not is_everywhere else None


@blueprint.get("/webhooks/<number:webhook_id>")
@allow(webhooks.RIGHT)
def page(webhook_id: int) -> str:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    after = request.args.get("after") or None
    row = webhooks.find(g.session, g.actor, webhook_id)
    return render_template(
        "webhooks/page.html",
        row=row,
        found=webhooks.dispatches(g.session, webhook_id, state=state, after=after),
        called=webhooks.kind,
        topics=TOPICS,
        states=STATES,
        state=state,
        after=after,
        zone=row.office.zone if row.office else lists.zone_of(g.session, g.actor),
        now=g.now,
    )


@blueprint.post("/webhooks/<number:webhook_id>/trial")
@allow(webhooks.RIGHT, form="webhooks.page")
def trial(webhook_id: int) -> ResponseReturnValue:
    webhooks.find(g.session, g.actor, webhook_id)
    webhooks.try_out(g.session, webhook_id, g.now)
    flash(_("Percobaan dikirim. Muat ulang halaman ini sebentar lagi untuk melihat hasilnya."))
    return _see(webhook_id)


@blueprint.post("/webhooks/<number:webhook_id>/retry")
@allow(webhooks.RIGHT, form="webhooks.page")
def retry_all(webhook_id: int) -> ResponseReturnValue:
    webhooks.find(g.session, g.actor, webhook_id)
    count = webhooks.revive(g.session, webhook_id, g.now)
    said = ngettext("%(num)s kiriman dicoba lagi.", "%(num)s kiriman dicoba lagi.", count)
    flash(said, "success")
    return _see(webhook_id)


@blueprint.post("/webhooks/<number:webhook_id>/deliveries/<number:delivery_id>/retry")
@allow(webhooks.RIGHT, form="webhooks.page")
def retry(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    webhooks.find(g.session, g.actor, webhook_id)
    webhooks.revive(g.session, webhook_id, g.now, delivery_id)
    flash(_("Kiriman dicoba lagi."), "success")
    return _see(webhook_id)


@blueprint.post("/webhooks/<number:webhook_id>/removal")
@allow(webhooks.RIGHT, form="webhooks.page")
def remove(webhook_id: int) -> ResponseReturnValue:
    webhooks.end(g.session, g.actor, webhook_id, g.now)
    flash(_("Webhook dihapus. Alamatnya tidak diberi tahu lagi."), "success")
    return redirect(url_for("webhooks.index"), 303)


def _see(webhook_id: int) -> ResponseReturnValue:
    return redirect(url_for("webhooks.page", webhook_id=webhook_id), 303)


def _index(fields: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    after = request.args.get("after") or None
    mine = offices.page(g.session, g.actor, webhooks.RIGHT, limit=_MOST_CHOICES)
    return render_template(
        "webhooks/index.html",
        found=webhooks.page(g.session, g.actor, after=after),
        after=after,
        fields=fields,
        wrong=wrong,
        topics=TOPICS,
        chosen=request.form.getlist("topics") if wrong else list(TOPICS),
        offices=mine.items if mine.count <= _MOST_CHOICES else None,
        everywhere=g.actor.offices(webhooks.RIGHT) is None,
        limit=webhooks.LONGEST_NAME,
        longest_url=outside.LONGEST_URL,
        once=token_urlsafe(12),
    )
