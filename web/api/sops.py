"""`/sops`: what an office does, and from a diagram to its next revision."""

from flask import Response, g, request, url_for

import bpmn.xml
from bpmn.errors import N_
from engine import offices, sopbook, sops
from web.api import answers
from web.api.answers import Made
from web.api.ground import get, post
from web.api.refusals import WrongType
from web.api.shapes import Listed
from web.api.shapes.sops import Over, Published, Sop, SopLine, SopQuery, finding, line, sop

XML = "application/xml"
_XML_TOO = frozenset({XML, "text/xml"})


@get("/sops", "sop.see", N_("SOP yang berlaku, kantor demi kantor."))
def index(query: SopQuery) -> Listed[SopLine]:
    if query.office is not None:
        offices.find(g.session, g.actor, query.office, "sop.see")
    found = sopbook.page(
        g.session,
        g.actor,
        search=query.search,
        office=query.office,
        after=query.after,
        limit=query.limit,
    )
    return answers.listed(found, line)


@get("/sops/<office>/<slug>", "sop.see", N_("Satu SOP dengan langkah dan revisinya."))
def show(office: str, slug: str) -> Sop:
    return sop(sopbook.view(g.session, g.actor, office, slug))


@get(
    "/sops/<office>/<slug>/revisions/<number:n>.bpmn",
    "sop.see",
    N_("Diagram sebuah revisi, sebagai BPMN 2.0."),
    gives_type=XML,
)
def diagram(office: str, slug: str, n: int) -> Response:
    revision, xml = sopbook.diagram(g.session, g.actor, office, slug, n)
    answer = Response(xml, mimetype=XML)
    name = f"{slug}-revisi-{revision.number}.bpmn"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answers.tagged(answer, revision.sha256)


@post(
    "/sops/<office>/<slug>/revisions",
    "sop.publish",
    N_("Terbitkan diagram sebagai revisi baru; isi permintaan adalah XML-nya."),
    status=201,
    takes=XML,
    largest=bpmn.xml.LARGEST,
    refuses=(409, 412),
)
def publish(office: str, slug: str, query: Over) -> Made[Published]:
    owner = offices.find(g.session, g.actor, office, "sop.publish")
    if request.mimetype not in _XML_TOO and not request.mimetype.endswith("+xml"):
        raise WrongType(wanted=XML)
    if request.if_match:
        answers.require(lambda: show(office, slug))
    xml = request.get_data(cache=True)
    findings = sops.check(g.session, owner, xml)
    revision = sops.publish(g.session, g.actor, owner, slug, xml, g.now, over=query.over)
    shape = Published(number=revision.number, findings=[finding(each) for each in findings])
    return Made(shape, url_for("api.sops_diagram", office=office, slug=slug, n=revision.number))
