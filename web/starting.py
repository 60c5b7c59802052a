"""A new case: which SOP, what its start form asks, and its title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn import titles
from bpmn.document import Sop as Meaning
from bpmn.errors import N_, AlurError
from bpmn.forms import Formulir
from engine import cases, formdata, receipts, sops
from engine.models import Office, Sop
from tasks import drafts, starting
from tasks.forms import FormRefused
from web import errors, fields, once, receiving, rows
from web.fields import MARK, Control
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("starting", __name__)


class NoSopChosen(AlurError):
    sentence = N_("Pilih SOP yang akan dijalankan.")
    status = 422
    field = "sop"


@dataclass(frozen=True)
class Chosen:
    """The SOP that is to run, with what its revision in force says."""

    sop: Sop
    office: Office
    meaning: Meaning

    @property
    def form(self) -> Formulir:
        return self.meaning.start_form or Formulir()

    @property
    def title(self) -> str:
        """How the rule will call the case, each field by its label."""
        day = titles.of_day(g.now.astimezone(ZoneInfo(self.office.zone)).date())
        labels = {asked.kunci: f"‹{asked.text}›" for asked in self.form.isian}
        return titles.compose(self.meaning.judul or "", day | labels)


@dataclass(frozen=True)
class Page:
    """What stands on the page: sent and refused, kept from before, or nothing yet."""

    fields: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    is_draft: bool = False


@blueprint.get("/cases/new")
@allow("case.start")
def page() -> str:
    startable = sops.startable(g.session, g.actor)
    draft = drafts.load(g.session, g.actor.person_id, _place())
    kept = draft.fields if draft else {}
    wanted = request.args.get("sop") or kept.get("sop", "")
    chosen = _chosen(startable, wanted)
    is_hers = bool(kept) and (chosen is None or kept.get("sop") in (None, str(chosen.sop.id)))
    is_new = is_hers and "isi" not in request.args
    return _page(startable, chosen, Page(kept if is_hers else {"sop": wanted}, {}, is_new))


@blueprint.post("/cases/new/draft")
@allow("case.start", form="starting.page")
def draft() -> ResponseReturnValue:
    """Keep what is typed; add or take away a row; put in what was pasted."""
    startable = sops.startable(g.session, g.actor)
    chosen = _chosen(startable, request.form.get("sop", ""))
    if chosen is None:
        raise NoSopChosen
    data = _typed(chosen)
    focus = rows.do(chosen.form, data, request.form.get("do", ""))
    drafts.save(g.session, g.actor.person_id, _place(), _kept(chosen, data), g.now)
    if errors.wants_data():
        found = rows.capaian(chosen.form, data, starting.rules(g.session, chosen.sop))
        return jsonify(capaian=found)
    there = url_for("starting.page", sop=chosen.sop.id, isi=1, _anchor=focus or None)
    return redirect(there, 303)


@blueprint.post("/cases")
@allow("case.start", form="starting.page")
def start() -> ResponseReturnValue:
    key = once.key()
    if (done := receipts.answered(g.session, g.actor.person_id, key)) is not None:
        return redirect(done, 303)
    startable = sops.startable(g.session, g.actor)
    chosen = _chosen(startable, request.form.get("sop", ""))
    if chosen is None:
        return _refused(startable, None, {"sop": errors.sentence(NoSopChosen())})
    title = request.form.get("title", "")
    try:
        case = starting.start(g.session, g.actor, chosen.sop, title, _typed(chosen), g.now)
    except (cases.BadTitle, starting.TitledByRule) as error:
        return _refused(startable, chosen, {"title": errors.sentence(error)})
    except (FormRefused, formdata.BadData) as error:
        wrong = fields.refused(error)
        if chosen.meaning.judul is None:
            wrong = _wrong_title(title) | wrong
        return _refused(startable, chosen, wrong)
    drafts.drop(g.session, g.actor.person_id, _place())
    flash(_("Berkas dimulai. Langkah pertama menunggu Anda."), "success")
    place = url_for("cases.page", case_id=case.id)
    receipts.keep(g.session, g.actor.person_id, key, place, g.now)
    return redirect(place, 303)


def _place() -> str:
    """Of one new case at a time: under this address its draft is kept."""
    return url_for("starting.page")


def _chosen(startable: Sequence[tuple[Sop, Office]], wanted: str) -> Chosen | None:
    for sop, office in startable:
        if str(sop.id) == wanted:
            return Chosen(sop, office, starting.meaning(g.session, sop))
    return None


def _typed(chosen: Chosen) -> dict[str, Any]:
    return fields.read(chosen.form, request.form) if MARK in request.form else {}


def _kept(chosen: Chosen, data: Mapping[str, Any]) -> dict[str, str]:
    """As a draft keeps it."""
    typed = dict(fields.flat(chosen.form, data))
    beside = {name: request.form.get(name, "") for name in ("sop", "title")}
    return {MARK: "1", **typed, **beside}


def _wrong_title(title: str) -> dict[str, str]:
    try:
        cases.checked_title(title)
    except cases.BadTitle as error:
        return {"title": errors.sentence(error)}
    return {}


def _refused(
    startable: Sequence[tuple[Sop, Office]], chosen: Chosen | None, wrong: Mapping[str, str]
) -> ResponseReturnValue:
    return _page(startable, chosen, Page(request.form, wrong)), 422


def _page(startable: Sequence[tuple[Sop, Office]], chosen: Chosen | None, shown: Page) -> str:
    if chosen is None and len(startable) == 1 and "sop" not in shown.wrong:
        chosen = _chosen(startable, str(startable[0][0].id))
    return render_template(
        "cases/new.html",
        startable=startable,
        chosen=chosen,
        controls=_controls(chosen, shown) if chosen else [],
        title_shape=chosen.title if chosen else "",
        fields=shown.fields,
        wrong=shown.wrong,
        summary_of=fields.summary(chosen.form if chosen else None, shown.wrong),
        is_draft=shown.is_draft,
        limit=cases.LONGEST_TITLE,
        once=shown.fields.get("once") or token_urlsafe(12),
        page=receiving.page_token() or token_urlsafe(9),
    )


def _controls(chosen: Chosen, shown: Page) -> list[Control]:
    typed = fields.read(chosen.form, shown.fields) if MARK in shown.fields else {}
    rules = starting.rules(g.session, chosen.sop)
    return fields.of_form(chosen.form, typed, shown.wrong, rules, {})
