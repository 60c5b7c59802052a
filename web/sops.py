"""SOPs: the list, one as on paper, and from an uploaded diagram to the next revision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from lxml import etree

import bpmn.reader
import bpmn.xml
from bpmn import compare
from bpmn.errors import N_, AlurError
from bpmn.findings import ERROR, Finding
from bpmn.lanes import slug as slug_of
from engine import questions, sopbook, sops, uploads
from engine.models import Office, Upload
from tasks import drafts
from web import errors, sheet
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("sops", __name__)

_GRAVE_FIRST: Final = {"tinggi": 0, "sedang": 1, "rendah": 2}
GRADES: Final = {"tinggi": N_("penting"), "sedang": N_("sedang"), "rendah": N_("kecil")}
# Enough of a question's key to tell it from the others on its page.
_SHORT: Final = 12
# Above this nothing is read at all; below, a file that is too large gets its own sentence.
_LARGEST_FORM: Final = 8 * 1024 * 1024


class SlugTaken(AlurError):
    sentence = N_("Nama alamat “%(slug)s” sudah dipakai SOP lain. Pilih nama alamat lain.")
    status = 422
    field = "slug"


class NoOfficeChosen(AlurError):
    sentence = N_("Pilih kantor pemilik SOP ini.")
    status = 422
    field = "office"


@dataclass(frozen=True)
class Columns:
    """What the table calls its last column, as the office's own paper does."""

    last: str
    used: bool
    waktu: Callable[[bpmn.reader.MutuBaku], str] = sheet.waktu


# --- the list --------------------------------------------------------------------------------


@blueprint.get("/sops")
@allow("sop.see")
def index() -> str:
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after") or None
    found = sopbook.page(g.session, g.actor, search=search, after=after)
    groups = groupby(found.items, key=lambda row: row.office)
    return render_template(
        "sops/index.html",
        found=found,
        groups=[(office, list(rows)) for office, rows in groups],
        search=search,
        after=after,
        may_publish=g.actor.may_somewhere("sop.publish"),
        now=g.now,
    )


# --- one, as on paper ------------------------------------------------------------------------


@blueprint.get("/sops/<office>/<slug>")
@allow("sop.see")
def page(office: str, slug: str) -> str:
    draft = drafts.load(g.session, g.actor.person_id, _place(office, slug))
    return _page(office, slug, draft.fields if draft else {})


@blueprint.post("/sops/<office>/<slug>/replies")
@allow("sop.answer", form="sops.page")
def reply(office: str, slug: str) -> ResponseReturnValue:
    """What the owner answers to one of the open questions."""
    asked, number = request.form.get("question", ""), request.form.get("number", "")
    seen = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else -1
    text = request.form.get("reply", "")
    try:
        questions.answer(g.session, g.actor, office, slug, asked, text, seen, g.now)
    except (questions.NoReply, questions.AnsweredMeanwhile) as error:
        return _page(office, slug, request.form, errors.sentence(error)), error.status
    drafts.drop(g.session, g.actor.person_id, _place(office, slug))
    flash(_("Jawaban tersimpan. Perancang memasukkannya ke revisi berikutnya."), "success")
    return redirect(f"{_place(office, slug)}#pertanyaan-{asked[:_SHORT]}", 303)


def _place(office: str, slug: str) -> str:
    return url_for("sops.page", office=office, slug=slug)


def _page(office: str, slug: str, fields: Mapping[str, str], wrong: str = "") -> str:
    shown = sopbook.view(g.session, g.actor, office, slug)
    meaning = shown.meaning
    asked = questions.of(g.session, shown.sop, meaning.temuan)
    startable = {sop.id for sop, _office in sops.startable(g.session, g.actor)}
    return render_template(
        "sops/page.html",
        shown=shown,
        meaning=meaning,
        rows=sheet.rows(meaning, shown.posts),
        columns=columns(meaning),
        proposed_whole=all(step.usulan for step in meaning.steps),
        grades=GRADES,
        questions=sorted(asked, key=lambda each: _GRAVE_FIRST.get(each.temuan.tingkat, 3)),
        may_answer=g.actor.may("sop.answer", shown.office.id),
        fields=fields,
        wrong={f"jawaban-{fields.get('question', '')[:_SHORT]}": wrong} if wrong else {},
        is_draft=not wrong and fields.get("question") in {each.key for each in asked},
        short=_SHORT,
        limit=questions.LONGEST,
        may_start=shown.sop.id in startable,
        may_publish=g.actor.may("sop.publish", shown.office.id),
        may_see_cases=g.actor.may("case.see", shown.office.id),
        may_see_reports=g.actor.may("report.see", shown.office.id),
        now=g.now,
    )


def columns(meaning: bpmn.reader.Sop) -> Columns:
    """Martapura Barat writes who answers for a step where others write remarks."""
    answers = any(step.penanggung_jawab for step in meaning.steps)
    used = answers or any(step.keterangan for step in meaning.steps)
    return Columns(_("Penanggung jawab") if answers else _("Keterangan"), used)


# --- its diagram -----------------------------------------------------------------------------


@blueprint.get("/sops/<office>/<slug>/diagram")
@allow("sop.see", data=True)
def diagram(office: str, slug: str) -> Response:
    _revision, xml = sopbook.diagram(g.session, g.actor, office, slug)
    return drawing(xml, f"{slug}.bpmn")


@blueprint.get("/sops/<office>/<slug>/revisions/<number:n>.bpmn")
@allow("sop.see")
def download(office: str, slug: str, n: int) -> Response:
    found, xml = sopbook.diagram(g.session, g.actor, office, slug, n)
    answer = Response(xml, mimetype="application/xml")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{slug}-revisi-{found.number}.bpmn"'
    )
    return answer


def drawing(xml: bytes, name: str) -> Response:
    """A diagram for the page's script, which reads UTF-8 only."""
    answer = Response(_as_utf8(xml), mimetype="application/xml")
    # Opened by itself it is saved, not shown: a drawing from elsewhere is no page of ours.
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _as_utf8(xml: bytes) -> bytes:
    try:
        xml.decode()
    except UnicodeDecodeError:
        return etree.tostring(bpmn.xml.parse(xml), encoding="UTF-8", xml_declaration=True)
    return xml


# --- the designer's way ----------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A finding, and the element it speaks of."""

    finding: Finding
    sentence: str

    @property
    def element(self) -> str:
        return self.finding.element

    @property
    def label(self) -> str:
        return str(self.finding.facts.get("It", ""))


@dataclass(frozen=True)
class Check:
    """All that a designer must know before she publishes."""

    told: Sequence[Told]
    meaning: bpmn.reader.Sop | None
    differences: Sequence[compare.Difference]
    same: bool

    @property
    def errors(self) -> int:
        return sum(each.finding.severity == ERROR for each in self.told)

    @property
    def may_publish(self) -> bool:
        return self.meaning is not None and not self.errors and not self.same


@blueprint.before_request
def _let_a_diagram_in() -> None:
    if request.method == "POST":
        request.max_content_length = _LARGEST_FORM


@blueprint.get("/sops/new")
@allow("sop.publish")
def new() -> str:
    return _new({})


@blueprint.post("/sops")
@allow("sop.publish", form="sops.new")
def add() -> ResponseReturnValue:
    try:
        office = _chosen(sops.offices(g.session, g.actor), request.form.get("office", ""))
        filename, xml = _sent()
        uploads.check(filename, xml)
        slug = _free_slug(office, request.form.get("slug", "").strip() or _named_in(xml))
    except (NoOfficeChosen, SlugTaken, sops.BadSlug) as error:
        field = getattr(error, "field", "slug")
        return _new({field: errors.sentence(error)}), 422
    except (uploads.UploadError, bpmn.xml.Unreadable) as error:
        return _new({"file": errors.sentence(error)}), 422
    uploads.keep(g.session, g.actor, office, slug, filename, xml, g.now)
    return _see("sops.draft", office, slug)


@blueprint.get("/sops/<office>/<slug>/draft")
@allow("sop.publish")
def draft(office: str, slug: str) -> str:
    return _draft(_office(office), slug)


@blueprint.post("/sops/<office>/<slug>/draft")
@allow("sop.publish", form="sops.draft")
def upload(office: str, slug: str) -> ResponseReturnValue:
    owner = _office(office)
    sops.check_slug(slug)
    try:
        uploads.keep(g.session, g.actor, owner, slug, *_sent(), g.now)
    except (uploads.UploadError, bpmn.xml.Unreadable) as error:
        return _draft(owner, slug, {"file": errors.sentence(error)}), 422
    return _see("sops.draft", owner, slug)


@blueprint.get("/sops/<office>/<slug>/draft/diagram")
@allow("sop.publish", data=True)
def draft_diagram(office: str, slug: str) -> Response:
    found = uploads.get(g.session, g.actor, _office(office), slug)
    return drawing(found.xml, f"{slug}.bpmn")


@blueprint.post("/sops/<office>/<slug>/draft/discard")
@allow("sop.publish", form="sops.draft")
def discard(office: str, slug: str) -> ResponseReturnValue:
    owner = _office(office)
    uploads.drop(g.session, g.actor, owner, slug)
    flash(_("Unggahan dibuang. Yang berlaku tidak berubah."), "success")
    if sopbook.in_force(g.session, owner, slug) is None:
        return redirect(url_for("sops.index"), 303)
    return _see("sops.page", owner, slug)


@blueprint.post("/sops/<office>/<slug>/revisions")
@allow("sop.publish", form="sops.draft")
def publish(office: str, slug: str) -> ResponseReturnValue:
    owner = _office(office)
    found = uploads.get(g.session, g.actor, owner, slug)
    over = request.form.get("over", "")
    number = int(over) if over.isdecimal() and len(over) < 10 else -1
    try:
        # Undone as a whole when it is refused: the page that says why reads what is in force.
        with g.session.begin_nested():
            revision = sops.publish(g.session, g.actor, owner, slug, found.xml, g.now, over=number)
    except sops.SopError as error:
        status = getattr(error, "status", 422)
        return _draft(owner, slug, {"publish": errors.sentence(error)}), status
    uploads.drop(g.session, g.actor, owner, slug)
    flash(
        _(
            "Revisi %(number)s berlaku untuk berkas yang dimulai sejak sekarang.",
            number=revision.number,
        ),
        "success",
    )
    return _see("sops.page", owner, slug)


def _see(endpoint: str, office: Office, slug: str) -> Response:
    return redirect(url_for(endpoint, office=office.slug, slug=slug), 303)  # type: ignore[return-value]


def _office(slug: str) -> Office:
    """The office, if she draws its SOPs."""
    return _one(sops.offices(g.session, g.actor), slug)


def _one(offices: Sequence[Office], slug: str) -> Office:
    for office in offices:
        if office.slug == slug:
            return office
    raise sops.NoSuchSop


def _chosen(offices: Sequence[Office], slug: str) -> Office:
    try:
        return offices[0] if len(offices) == 1 and not slug else _one(offices, slug)
    except sops.NoSuchSop:
        raise NoOfficeChosen from None


def _sent() -> tuple[str, bytes]:
    """The name and the bytes of the file; one byte over the limit is enough to know."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise uploads.NoFile
    return file.filename, file.read(uploads.LARGEST + 1)


def _named_in(xml: bytes) -> str:
    """The address an SOP gets when its designer names none."""
    try:
        return slug_of(bpmn.reader.read(xml).name)[:120].strip("-")
    except AlurError:
        return "sop-baru"


def _free_slug(office: Office, slug: str) -> str:
    sops.check_slug(slug)
    if sopbook.in_force(g.session, office, slug) is not None:
        raise SlugTaken(slug=slug)
    return slug


def _new(wrong: Mapping[str, str]) -> str:
    return render_template(
        "sops/new.html",
        offices=sops.offices(g.session, g.actor),
        fields=request.form,
        wrong=wrong,
        limit=uploads.LARGEST // 1024 // 1024,
    )


def _draft(office: Office, slug: str, wrong: Mapping[str, str] | None = None) -> str:
    known = sopbook.in_force(g.session, office, slug)
    found = uploads.find(g.session, g.actor, office, slug)
    if known is None and found is None:
        raise sops.NoSuchSop
    facts: dict[str, Any] = {"check": None, "rows": [], "columns": None, "answered": []}
    if known is not None:
        asked = questions.of(g.session, known.sop, known.meaning.temuan)
        facts["answered"] = [each for each in asked if not each.is_open]
    if found is not None:
        check = facts["check"] = _check(office, found, known)
        if check.meaning is not None:
            posts = sopbook.posts(g.session, office)
            facts["rows"] = sheet.rows(check.meaning, posts)
            facts["columns"] = columns(check.meaning)
    return render_template(
        "sops/draft.html",
        office=office,
        slug=slug,
        upload=found,
        known=known,
        wrong=wrong or {},
        limit=uploads.LARGEST // 1024 // 1024,
        heading=_heading,
        now=g.now,
        **facts,
    )


def _check(office: Office, upload: Upload, known: sopbook.InForce | None) -> Check:
    findings = sops.check(g.session, office, upload.xml)
    told = [Told(each, _told(each)) for each in findings]
    told.sort(key=lambda each: each.finding.severity != ERROR)
    try:
        meaning = bpmn.reader.read(upload.xml)
    except AlurError:
        return Check(told, None, (), same=False)
    if known is None:
        return Check(told, meaning, (), same=False)
    same = compare.is_same(known.revision.xml, upload.xml)
    return Check(told, meaning, compare.compare(known.meaning, meaning), same)


def _told(finding: Finding) -> str:
    return _(finding.sentence) % finding.facts


def _heading(difference: compare.Difference) -> str:
    return _(difference.sentence) % difference.facts
