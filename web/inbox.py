"""The first page: what waits for me, and by when; narrowed, kept fresh, done many at once."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import sopbook, sops
from engine.paging import Page
from tasks import filters, lists, saved_filters
from tasks.filters import Filter
from tasks.lists import Item
from tasks.saved_filters import FilterError
from web import errors, times, warnings
from web.guard import allow
from web.i18n import _, language

blueprint = Blueprint("inbox", __name__)

# So many that were seen are told what became of them.
MOST_SEEN: Final = 60


class Tab(NamedTuple):
    """One way to look at the list."""

    label: str
    heading: str


TABS: Final = {
    "inbox": Tab(N_("Menunggu"), N_("Yang menunggu Anda")),
    "mine": Tab(N_("Saya pegang"), N_("Yang Anda pegang")),
    "team": Tab(N_("Dapat diambil"), N_("Yang dapat Anda ambil")),
    "joint": Tab(N_("Ikut serta"), N_("Yang meminta Anda ikut serta")),
    "overdue": Tab(N_("Terlambat"), N_("Yang terlambat")),
    "office": Tab(N_("Sekantor"), N_("Semua tugas kantor")),
    "done": Tab(N_("Selesai"), N_("Yang sudah Anda selesaikan")),
}
ORDERS: Final = {
    "due": N_("paling mendesak di atas"),
    "opened": N_("paling lama menunggu di atas"),
}


@dataclass(frozen=True)
class Row:
    """A task as the list shows it."""

    item: Item
    deadline: times.Deadline
    is_mine: bool
    may_claim: bool

    @property
    def may_choose(self) -> bool:
        return self.is_mine or self.may_claim


@dataclass(frozen=True)
class Asked:
    """Which list is asked for: its view, what it is narrowed to, its order and its page."""

    view: str
    narrowed: Filter
    order: str
    after: str | None

    def address(self, endpoint: str = "inbox.page", **more: Any) -> str:
        """The same list, with something else about it."""
        said: dict[str, Any] = {
            **self.narrowed.said(),
            "view": self.view if self.view != "inbox" else None,
            "order": self.order if self.order != "due" else None,
            "after": self.after,
        }
        return url_for(endpoint, **{**said, **more})

    def found(self) -> Page[Item]:
        return lists.page(
            g.session,
            g.actor,
            self.view,
            g.now,
            narrowed=self.narrowed,
            order=self.order,
            after=self.after,
        )


@blueprint.get("/")
@allow("inbox.see")
def page() -> str:
    return _page({})


def _page(wrong: dict[str, str]) -> str:
    asked = _asked()
    said = {name: errors.sentence(error) for name, error in asked.narrowed.wrong.items()}
    return render_template(
        "inbox/page.html",
        **_list(asked),
        tabs=TABS,
        counts=lists.counts(g.session, g.actor, g.now),
        orders=ORDERS,
        wrong={**said, **wrong},
        known_sops=sopbook.names(g.session, g.actor),
        kept=saved_filters.known(g.session, g.actor),
        warnings=warnings.of_inbox(),
        may_start=bool(sops.startable(g.session, g.actor)),
    )


@blueprint.get("/list")
@allow("inbox.see", data=True)
def fresh() -> Response:
    """The list alone, for a page that stays open; what is gone from it says where it went."""
    asked = _asked()
    facts = _list(asked)
    seen = [int(id) for id in request.args.get("seen", "").split(",") if _is_id(id)][:MOST_SEEN]
    gone = lists.with_ids(g.session, g.actor, _missing(seen, facts["rows"]))
    facts["gone"] = [_row(gone[id]) for id in seen if id in gone]
    facts["counts"] = lists.counts(g.session, g.actor, g.now)
    seal = _seal(facts)
    if request.if_none_match.contains_weak(seal):
        answer = Response(status=304)
    else:
        answer = make_response(render_template("inbox/_fresh.html", **facts))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(seal, weak=True)
    return answer


def _seal(facts: dict[str, Any]) -> str:
    """Changes with what is shown, and not with the secrets in its forms."""
    shown = [
        (
            row.item.task.id,
            row.item.task.status,
            row.item.task.priority,
            row.item.claimed_by,
            row.deadline,
            row.item.asked_by,
        )
        for row in (*facts["rows"], *facts["gone"])
    ]
    words = repr((shown, facts["counts"], facts["found"].count, language()))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _missing(seen: list[int], rows: list[Row]) -> list[int]:
    here = {row.item.task.id for row in rows}
    return [id for id in seen if id not in here]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _asked() -> Asked:
    view, order = request.args.get("view", ""), request.args.get("order", "")
    allowed = view in TABS and (view != "office" or g.actor.may_somewhere("task.oversee"))
    return Asked(
        view if allowed else "inbox",
        filters.read(request.args),
        order if order in ORDERS else "due",
        request.args.get("after") or None,
    )


def _list(asked: Asked) -> dict[str, Any]:
    """What the list itself shows, on the page and fresh."""
    found = asked.found()
    rows = [_row(item) for item in found.items]
    return {
        "asked": asked,
        "view": asked.view,
        "found": found,
        "rows": rows,
        "may_choose": any(row.may_choose for row in rows),
        "now": g.now,
        "one_office": len({item.office.id for item in found.items}) < 2,
    }


def _row(item: Item) -> Row:
    task = item.task
    is_mine = task.status == "claimed" and task.claimed_by == g.actor.person_id
    may_claim = task.status == "waiting" and g.actor.holding(task.post_id) is not None
    return Row(item, times.deadline(task, item.office, g.now), is_mine, may_claim)


# --- filters with a name ---------------------------------------------------------------------


@blueprint.post("/filters")
@allow("inbox.see", form="inbox.page")
def keep_filter() -> ResponseReturnValue:
    asked = _asked()
    query = asked.narrowed.query(
        view=asked.view if asked.view != "inbox" else "",
        order=asked.order if asked.order != "due" else "",
    )
    try:
        saved_filters.keep(
            g.session,
            g.actor,
            request.form.get("name", ""),
            query,
            g.now,
            shared="shared" in request.form,
        )
    except FilterError as error:
        return _page({"name": errors.sentence(error)}), error.status
    flash(_("Saringan disimpan."), "success")
    return redirect(asked.address(after=None), 303)


@blueprint.post("/filters/<number:filter_id>/removal")
@allow("inbox.see", form="inbox.page")
def forget_filter(filter_id: int) -> ResponseReturnValue:
    saved_filters.forget(g.session, g.actor, filter_id)
    flash(_("Saringan dihapus."), "success")
    return redirect(_asked().address(after=None), 303)
