"""The bell in the head of every page, and what it rings for."""

import logging
from dataclasses import dataclass

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from engine.access import Actor
from engine.db import Database
from tasks import bell
from tasks.bell import MOST, WORDS, Line
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("notices", __name__)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """A notice as the list shows it."""

    line: Line
    words: str
    to: str


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(bell=ring)


def ring() -> str:
    """What stands on the bell: nothing, a number, or that there are too many to count."""
    if "session" not in g:
        return ""  # the page of an error: its session is over
    unread = bell.count(g.session, g.actor, **g.get("looking_at", {}))
    return f"{MOST - 1}+" if unread >= MOST else str(unread or "")


def looking_at(*, task_id: int | None = None, case_id: int | None = None) -> None:
    """She has it before her: what there was to tell about it is read, once the page is sent."""
    about = {"task_id": task_id, "case_id": case_id}
    if request.method != "GET" or not bell.is_news(g.session, g.actor, **about):
        return
    g.looking_at = about
    after_this_request(_read)


def _read(answer: Response) -> Response:
    database: Database = current_app.extensions["database"]
    actor: Actor = g.actor
    if answer.status_code == 200:
        try:
            with database.transaction(actor.scope) as session:
                bell.read_about(session, actor, g.now, **g.looking_at)
        except OperationalError:
            log.warning("what somebody looked at stays unread", exc_info=True)
    return answer


@blueprint.get("/notices")
@allow("self")
def page() -> str:
    unread = request.args.get("view", "") != "all"
    after = request.args.get("after") or None
    found = bell.page(g.session, g.actor, unread=unread, after=after)
    return render_template(
        "notices/page.html",
        found=found,
        rows=[_row(line) for line in found.items],
        unread=unread,
        after=after,
        one_office=len({line.office.id for line in found.items}) < 2,
        now=g.now,
    )


@blueprint.post("/notices/<number:notice_id>/reading")
@allow("self", form="notices.page")
def read(notice_id: int) -> ResponseReturnValue:
    bell.read(g.session, g.actor, notice_id, g.now)
    return redirect(url_for("notices.page"), 303)


@blueprint.post("/notices/reading")
@allow("self", form="notices.page")
def read_all() -> ResponseReturnValue:
    text = request.form.get("up_to", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        bell.read_all(g.session, g.actor, int(text), g.now)
    return redirect(url_for("notices.page"), 303)


def _row(line: Line) -> Row:
    notice = line.notice
    words = _(WORDS[notice.kind])
    if notice.level is not None and notice.level > 1:
        words = _("%(what)s, tingkat %(level)s", what=words, level=notice.level)
    if notice.task_id is not None:
        to = url_for("tasks.page", task_id=notice.task_id)
    else:
        to = url_for("cases.page", case_id=notice.case_id) if notice.case_id else ""
    return Row(line, words, to)
