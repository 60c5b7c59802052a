"""The first page: what waits for me, and by when."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import Blueprint, g, render_template, request

from bpmn.errors import N_
from engine import sops
from tasks import lists
from tasks.filters import Filter
from tasks.lists import Item
from web import times
from web.guard import allow

blueprint = Blueprint("inbox", __name__)


class Tab(NamedTuple):
    """One way to look at the list."""

    label: str
    heading: str


TABS: Final = {
    "inbox": Tab(N_("Menunggu"), N_("Yang menunggu Anda")),
    "joint": Tab(N_("Ikut serta"), N_("Yang meminta Anda ikut serta")),
    "overdue": Tab(N_("Terlambat"), N_("Yang terlambat")),
    "done": Tab(N_("Selesai"), N_("Yang sudah Anda selesaikan")),
}


@dataclass(frozen=True)
class Row:
    """A task as the list shows it."""

    item: Item
    deadline: times.Deadline
    is_mine: bool


@blueprint.get("/")
@allow("inbox.see")
def page() -> str:
    view = request.args.get("view", "")
    view = view if view in TABS else "inbox"
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after") or None
    found = lists.page(g.session, g.actor, view, g.now, narrowed=Filter(search=search), after=after)
    return render_template(
        "inbox/page.html",
        view=view,
        tabs=TABS,
        counts=lists.counts(g.session, g.actor, g.now),
        search=search,
        after=after,
        found=found,
        rows=[_row(item) for item in found.items],
        may_start=bool(sops.startable(g.session, g.actor)),
        now=g.now,
        one_office=len({held.office_id for held in g.actor.posts}) < 2,
    )


def _row(item: Item) -> Row:
    is_mine = item.task.claimed_by == g.actor.person_id
    return Row(item, times.deadline(item.task, item.office, g.now), is_mine)
