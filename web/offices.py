"""The offices somebody may look after: whoever has but one goes straight to it."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import offices
from engine.db import EVERYWHERE
from web.guard import allow

blueprint = Blueprint("offices", __name__)


@blueprint.get("/offices")
@allow("post.see")
def index() -> ResponseReturnValue:
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after") or None
    found = offices.page(g.session, g.actor, "post.see", search=search, after=after)
    may_add = g.actor.offices("office.manage") is EVERYWHERE
    if found.count == 1 and not search and not may_add:
        return redirect(url_for("posts.index", office=found.items[0].slug), 303)
    return render_template(
        "offices/index.html", found=found, search=search, after=after, may_add=may_add
    )
