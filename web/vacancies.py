"""Posts with nobody there, for whoever leads an office or watches over several."""

from flask import Blueprint, g, render_template, request

from engine import vacancies
from web.guard import allow

blueprint = Blueprint("vacancies", __name__)


@blueprint.get("/vacancies")
@allow("vacancy.see")
def page() -> str:
    after = request.args.get("after") or None
    found = vacancies.page(g.session, g.actor, g.now, after=after)
    return render_template(
        "vacancies/page.html",
        found=found,
        total=vacancies.total(g.session, g.actor, g.now),
        lanes=vacancies.lanes(g.session, g.actor) if after is None else [],
        after=after,
        now=g.now,
    )
