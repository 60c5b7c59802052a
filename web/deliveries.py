"""Messages that were given up: to whom, why, and once more."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine.access import Forbidden
from engine.db import EVERYWHERE
from tasks import deliveries, lists
from tasks.channels import LABELS
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("deliveries", __name__)

KINDS: Final[Mapping[str, str]] = {
    "notices": N_("pemberitahuan"),
    "digest": N_("ringkasan pagi"),
    "code": N_("kode pembuktian alamat"),
}
WHY_NOT: Final[Mapping[str, str]] = {
    "closed": N_("Akunnya sudah ditutup."),
    "code": N_("Pemiliknya meminta kode baru pada Atur pemberitahuan."),
    "refused": N_("Alamat ini menolak; pemiliknya perlu membuktikannya lagi atau menggantinya."),
    "unproved": N_("Alamatnya sudah dihapus atau belum terbukti."),
}


@blueprint.get("/deliveries/failed")
@allow(deliveries.RIGHT)
def failed() -> str:
    _refuse_a_part()
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after") or None
    return render_template(
        "deliveries/failed.html",
        found=deliveries.failed(g.session, search=search, after=after),
        counts=deliveries.counts(g.session),
        is_set_up=bool(current_app.config["CHANNELS"]),
        search=search,
        after=after,
        kinds=KINDS,
        labels=LABELS,
        why_not=WHY_NOT,
        # Ours is said in her language; what a server said is text, and never markup.
        explained=_,
        zone=lists.zone_of(g.session, g.actor),
        now=g.now,
    )


@blueprint.post("/deliveries/failed/retry")
@allow(deliveries.RIGHT, form="deliveries.failed")
def retry_all() -> ResponseReturnValue:
    _refuse_a_part()
    count = deliveries.resend_all(g.session, g.now)
    said = ngettext("%(num)s kiriman dicoba lagi.", "%(num)s kiriman dicoba lagi.", count)
    flash(said, "success")
    return redirect(url_for("deliveries.failed"), 303)


@blueprint.post("/deliveries/<number:delivery_id>/retry")
@allow(deliveries.RIGHT, form="deliveries.failed")
def retry(delivery_id: int) -> ResponseReturnValue:
    _refuse_a_part()
    deliveries.resend(g.session, delivery_id, g.now)
    flash(_("Kiriman dicoba lagi."), "success")
    return redirect(url_for("deliveries.failed"), 303)


def _refuse_a_part() -> None:
    """These are everybody's addresses: for whoever keeps the accounts of all offices."""
    if g.actor.offices(deliveries.RIGHT) is not EVERYWHERE:
        raise Forbidden
