"""What people say about a case: read on its pages, written there, soon taken back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from engine import casebook, receipts
from engine.models import Comment
from engine.paging import Page
from tasks import comments
from tasks.comments import CommentError, Line
from web import errors, once
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("comments", __name__)

# On a page about something else; the rest stands on its own.
FEW = 5


@dataclass(frozen=True)
class Said:
    """A comment ready to be read: its text in pieces, with the names that are called in it."""

    id: int
    who: str
    at: datetime
    step: str | None
    pieces: tuple[tuple[str, bool], ...]
    is_removed: bool
    may_remove: bool


@dataclass(frozen=True)
class Talk:
    """The comments of a case, as many as a page shows, and the form for one more."""

    case_id: int
    task_id: int | None
    said: tuple[Said, ...]
    count: int
    next: str | None
    may_write: bool
    once: str


def talk(case_id: int, office_id: int, task_id: int | None = None) -> Talk:
    """The latest, for the page of a case or of one of its steps."""
    return _talk(case_id, office_id, task_id, comments.page(g.session, g.actor, case_id, limit=FEW))


def _talk(case_id: int, office_id: int, task_id: int | None, found: Page[Line]) -> Talk:
    return Talk(
        case_id,
        task_id,
        tuple(_said(line) for line in found.items),
        found.count,
        found.next,
        g.actor.may("comment.write", office_id),
        token_urlsafe(12),
    )


def _said(line: Line) -> Said:
    comment = line.comment
    return Said(
        comment.id,
        line.who,
        comment.at,
        line.step,
        tuple(_pieces(comment.text, line.called)),
        comment.removed_at is not None,
        comments.may_take_back(g.actor, comment, g.now),
    )


def _pieces(text: str, called: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    if not called:
        yield text, False
        return
    names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
    for at, piece in enumerate(re.split(f"(@(?:{names}))", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, at % 2 == 1


@blueprint.get("/cases/<number:case_id>/comments")
@allow("task.see")
def page(case_id: int) -> str:
    return _page(case_id, {}, {})


@blueprint.post("/cases/<number:case_id>/comments")
@allow("comment.write", form="comments.page")
def write(case_id: int) -> ResponseReturnValue:
    key = once.key()
    if (done := receipts.answered(g.session, g.actor.person_id, key)) is not None:
        return redirect(done, 303)
    task_id = _task()
    try:
        comment = comments.say(
            g.session, g.actor, case_id, request.form.get("comment", ""), g.now, task_id=task_id
        )
    except CommentError as error:
        if error.status != 422:
            raise
        return _page(case_id, request.form, {error.field: errors.sentence(error)}), error.status
    there = _there(comment)
    receipts.keep(g.session, g.actor.person_id, key, there, g.now)
    flash(_("Komentar dikirim."), "success")
    return redirect(there, 303)


@blueprint.post("/comments/<number:comment_id>/removal")
@allow("comment.write")
def remove(comment_id: int) -> ResponseReturnValue:
    comment = comments.take_back(g.session, g.actor, comment_id, g.now)
    flash(_("Komentar dihapus; yang tampak tinggal bahwa ia pernah ada."), "success")
    return redirect(_there(comment), 303)


@blueprint.get("/cases/<number:case_id>/people")
@allow("task.see", data=True)
def people(case_id: int) -> Response:
    """Whom she may call by name, for the script that helps to write it."""
    known = comments.suggested(g.session, g.actor, case_id, g.now)
    return jsonify([_called(each) for each in known])


def _called(each: comments.Called) -> dict[str, Any]:
    return {"name": each.name, "written": each.written, "posts": ", ".join(each.posts)}


def _task() -> int | None:
    task = request.form.get("task", "")
    return int(task) if task.isascii() and task.isdigit() and len(task) < 19 else None


def _there(comment: Comment) -> str:
    """Where it was written."""
    anchor = "komentar"
    if comment.task_id is not None:
        return url_for("tasks.page", task_id=comment.task_id, _anchor=anchor)
    return url_for("cases.page", case_id=comment.case_id, _anchor=anchor)


def _page(case_id: int, fields: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    after = request.args.get("after") or None
    found = comments.page(g.session, g.actor, case_id, after=after)
    shown = casebook.heading(g.session, g.actor, case_id)
    return render_template(
        "comments/page.html",
        case=shown.case,
        office=shown.office,
        talk=_talk(case_id, shown.office.id, _task() if wrong else None, found),
        called=comments.suggested(g.session, g.actor, case_id, g.now),
        after=after,
        fields=fields,
        wrong=wrong,
        now=g.now,
    )
