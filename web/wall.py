"""The monitor on a wall: large, dark, one panel after the other, and nobody's name on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, g, make_response, render_template, request
from markupsafe import Markup

from tasks import monitor
from tasks.monitor import Line
from web import times
from web.guard import allow
from web.monitor import Asked, asked_for
from web.monitor_words import TABS

blueprint = Blueprint("wall", __name__, url_prefix="/monitor")

MOST: Final = 8
PANELS: Final = ("overdue", "soon", "unclaimed", "vacant", "stuck")


@dataclass(frozen=True)
class Seen:
    """A line for everybody who walks by: the work and its post, no person and no title."""

    step: str
    sop: str
    place: str
    when: Markup | str
    number: int


@blueprint.get("/wall")
@allow("monitor.see")
def page() -> Response:
    """One panel after the other, large; asked for again and again by whoever hung it up."""
    asked = asked_for()
    known = asked.counts
    alone = len(asked.here) == 1
    shown = render_template(
        "monitor/wall.html",
        asked=asked,
        panels={name: list(_panel(asked, name, known, alone)) for name in PANELS},
        counts=known,
        tabs=TABS,
        now=g.now,
    )
    answer = make_response(shown)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _panel(asked: Asked, view: str, known: Mapping[str, int], alone: bool) -> Iterator[Seen]:
    if view == "stuck":
        for each in monitor.stuck(g.session, asked.look, known, limit=MOST).items:
            place = "" if alone else each.office.name
            yield Seen(
                each.step or "",
                each.sop.name,
                place,
                times.held(each.incident.at, each.office, g.now),
                each.case.id,
            )
        return
    found = monitor.page(g.session, asked.look, view, known, limit=MOST)
    for line in found.items:
        post = line.post or line.task.lane
        place = post if alone else f"{post}, {line.office.name}"
        yield Seen(line.task.name, line.sop.name, place, _when(line, view), line.case.id)


def _when(line: Line, view: str) -> Markup | str:
    """How late it is, when it is due, or how long it has waited."""
    if view in ("overdue", "soon"):
        deadline = times.deadline(line.task, line.office, g.now)
        said = deadline.left if view == "overdue" else deadline.due
        return said or ""
    return times.held(line.since, line.office, g.now)
