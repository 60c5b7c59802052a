"""`/escalations`: who was told what is overdue."""

from flask import g

from bpmn.errors import N_
from engine import offices
from tasks import escalations
from web.api import answers
from web.api.ground import get
from web.api.shapes import Listed
from web.api.shapes.escalations import Escalation, EscalationQuery, escalation


@get("/escalations", "task.see", N_("Eskalasi kantor Anda, terbaru di depan."))
def index(query: EscalationQuery) -> Listed[Escalation]:
    if query.office is not None:
        offices.find(g.session, g.actor, query.office, "task.see")
    found = escalations.page(
        g.session,
        g.actor,
        office=query.office,
        case_id=query.case,
        since=query.since,
        after=query.after,
        limit=query.limit,
    )
    return answers.listed(found, escalation)
