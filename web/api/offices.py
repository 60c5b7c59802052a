"""`/offices`: where a program may look."""

from flask import g

from bpmn.errors import N_
from engine import offices
from web.api import answers
from web.api.ground import get
from web.api.shapes import Listed, Paged
from web.api.shapes.offices import Office, office


@get("/offices", "sop.see", N_("Kantor yang SOP-nya dapat dilihat, menurut nama."))
def index(query: Paged) -> Listed[Office]:
    found = offices.page(g.session, g.actor, "sop.see", after=query.after, limit=query.limit)
    return answers.listed(found, office)
