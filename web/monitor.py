"""The monitor: what is late, soon, untaken, stuck or at nobody; as a list, as sums, on paper."""

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, make_response, render_template, request, url_for

from engine import colleagues, postbook, sopbook
from engine.paging import Page
from tasks import excuses, explanations, filters, lists, monitor, overview
from tasks.explanations import Talk
from tasks.filters import EVERYTHING, Filter
from tasks.monitor import Line, Look, Place, Stuck
from tasks.oversight import RIGHTS
from tasks.overview import Group
from web import choices, glance, times
from web.guard import allow
from web.i18n import _, language, ngettext
from web.monitor_words import COLUMNS, GROUPS, HORIZONS, PATIENCES, SUMMARY, TABS
from web.oversight import DEEDS, Deed
from web.times import Deadline

blueprint = Blueprint("monitor", __name__, url_prefix="/monitor")


MOST_PRINTED: Final = 500
NOON: Final = 12

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A step as the monitor shows it."""

    line: Line
    deadline: Deadline
    # How long it has been where it is, in working time.
    held: str
    # What was asked about its lateness, and what was answered.
    talk: Talk
    reason: str | None
    # What can be done to it, as it stands.
    deeds: Sequence[str]

    @property
    def state(self) -> str:
        return "suspended" if self.line.case.status == "suspended" else self.deadline.state

    @property
    def label(self) -> str:
        return _("ditangguhkan") if self.state == "suspended" else self.deadline.label


@dataclass(frozen=True)
class Asked:
    """What the address asks to see."""

    view: str
    by: str
    narrowed: Filter
    horizon: str
    patience: int
    after: str | None

    @property
    def said(self) -> dict[str, Any]:
        return {
            **self.narrowed.said(),
            "view": self.view,
            "by": self.by if self.view == SUMMARY else None,
            "until": self.horizon if self.horizon != "noon" else None,
            "patience": self.patience if self.patience != 60 else None,
            "after": self.after,
        }

    def to(self, endpoint: str = "monitor.page", **more: Any) -> str:
        """The same, with something else about it."""
        return url_for(endpoint, **{**self.said, "after": None, **more})

    @cached_property
    def look(self) -> Look:
        return self.counted(
            ("look",),
            lambda: monitor.look(
                g.session,
                g.actor,
                g.now,
                self.narrowed,
                horizon=self.horizon,
                patience=self.patience,
            ),
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many stand in each view."""
        return self.counted(("counts",), lambda: monitor.counts(g.session, self.look))

    def counted(self, what: tuple[Hashable, ...], count: Callable[[], T]) -> T:
        """Anew for some offices; for all of them together, as it was a moment ago."""
        scope = g.actor.offices("monitor.see")
        if scope is not None or self.narrowed != EVERYTHING:
            return count()
        return glance.kept((*what, self.horizon, self.patience), count)

    @cached_property
    def offices(self) -> Sequence[Place]:
        return monitor.offices(g.session, self.look)

    @property
    def here(self) -> Sequence[Place]:
        """Those it is narrowed to."""
        office = self.narrowed.office
        return [each for each in self.offices if office in (None, each.id)]

    @property
    def where(self) -> str:
        if len(self.here) == 1:
            return self.here[0].name
        if self.narrowed.kabupaten:
            return self.narrowed.kabupaten
        several = len(self.here)
        return ngettext("%(num)s kantor", "%(num)s kantor", several) if several else _("Indonesia")

    @property
    def zone(self) -> str:
        return self.here[0].zone if self.here else lists.DEFAULT_ZONE

    @property
    def until(self) -> str:
        """Until when is soon, where she is: noon only while it is still to come."""
        is_past = g.now.astimezone(ZoneInfo(self.zone)).hour >= NOON
        horizon = "today" if self.horizon == "noon" and is_past else self.horizon
        return _(HORIZONS[horizon])


def asked_for() -> Asked:
    """What the address says, as far as it can be used."""
    said = request.args
    view, by = said.get("view", ""), said.get("by", "")
    patience = said.get("patience", "")
    return Asked(
        view if view in TABS or view == SUMMARY else _usual_view(),
        by if by in GROUPS else _usual_group(),
        filters.read(said),
        said["until"] if said.get("until") in HORIZONS else "noon",
        int(patience) if patience in {str(each) for each in PATIENCES} else 60,
        said.get("after") or None,
    )


def _usual_view() -> str:
    """Who leads one office sees its work; who watches many sees where to look."""
    scope = g.actor.offices("monitor.see")
    return SUMMARY if scope is None or len(scope) > 1 else "attention"


def _usual_group() -> str:
    scope = g.actor.offices("monitor.see")
    if scope is None:
        return "kabupaten"
    return "office" if len(scope) > 1 else "sop"


@blueprint.get("")
@allow("monitor.see")
def page() -> str:
    asked = asked_for()
    return render_template("monitor/page.html", **_list(asked), **_form(asked))


@blueprint.get("/list")
@allow("monitor.see", data=True)
def fresh() -> Response:
    """The list alone, for a page that stays open."""
    facts = _list(asked_for())
    seal = _seal(facts)
    if request.if_none_match.contains_weak(seal):
        answer = Response(status=304)
    else:
        answer = make_response(render_template("monitor/_fresh.html", **facts))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(seal, weak=True)
    return answer


def _seal(facts: Mapping[str, Any]) -> str:
    """Changes with what is shown, and not with the secrets in its forms."""
    shown = [
        (*_stands(row.line), row.deadline, row.held, row.state, row.reason, len(row.talk.lines))
        for row in facts["rows"]
    ]
    stuck = [each.incident.id for each in facts["stuck"]]
    groups = [(each.key, tuple(each.counts.items())) for each in facts["groups"]]
    words = repr((shown, stuck, groups, facts["counts"], language()))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _stands(line: Line) -> tuple[object, ...]:
    task = line.task
    return task.id, task.priority, task.level, line.claimed_by, sorted(line.why)


@blueprint.get("/sheet")
@allow("monitor.see")
def sheet() -> str:
    """The same on paper: all of it, not page by page."""
    facts = _list(asked_for(), limit=MOST_PRINTED)
    return render_template("monitor/sheet.html", **{**facts, "choosing": False})


def _list(asked: Asked, limit: int = 25) -> dict[str, Any]:
    """What the list itself shows, on the page, fresh, and on paper."""
    found, known = _found(asked, limit)
    lines = [each for each in found.items if isinstance(each, Line)]
    talks = explanations.of_tasks(g.session, [line.task for line in lines])
    return {
        "asked": asked,
        "view": asked.view,
        "counts": known,
        "found": found,
        "rows": [_row(line, talks.get(line.task.id, Talk())) for line in lines],
        "stuck": found.items if asked.view == "stuck" else [],
        "groups": found.items if asked.view == SUMMARY else [],
        "tabs": TABS,
        "patience": _(PATIENCES[asked.patience]),
        "grouped": GROUPS,
        "narrow": _narrow,
        "columns": COLUMNS,
        "one_office": len(asked.here) == 1,
        "held": times.held,
        "choosing": True,
        "deeds": DEEDS,
        "labels": {name: _label(deed) for name, deed in DEEDS.items()},
        "bulk_deeds": _bulk_deeds(asked.view),
        "stuck_deeds": [name for name in ("retry", "prioritise", "cancel") if _may(name)],
        "now": g.now,
    }


def _found(
    asked: Asked, limit: int
) -> tuple[Page[Line] | Page[Stuck] | Page[Group], dict[str, int]]:
    """What is asked for, and how many there are of everything."""
    seen, after = asked.look, asked.after
    if asked.view == SUMMARY:
        return asked.counted(
            ("groups", asked.by, after, limit),
            lambda: overview.groups(g.session, seen, asked.by, after=after, limit=limit * 2),
        )
    known = asked.counts
    if asked.view == "stuck":
        return monitor.stuck(g.session, seen, known, after=after, limit=limit), known
    return monitor.page(g.session, seen, asked.view, known, after=after, limit=limit), known


def _label(deed: Deed) -> str:
    """What its button says; three dots, where it asks before it does anything."""
    return _(deed.label) + ("…" if deed.asks else "")


def _row(line: Line, talk: Talk) -> Row:
    task, office = line.task, line.office
    # Its clock stood still when the case was suspended, and goes on with the case.
    deadline = times.deadline(task, office, line.case.suspended_at or g.now)
    reason = excuses.text(office, task.late_reason)
    said = " · ".join(filter(None, (_(reason) if reason else "", task.late_note)))
    deeds = [name for name, is_meant in _fitting(line).items() if is_meant and _may(name)]
    return Row(line, deadline, times.held(line.since, office, g.now), talk, said or None, deeds)


def _fitting(line: Line) -> dict[str, bool]:
    """Which deeds mean something for a step as it stands."""
    task, stands = line.task, line.case.status == "suspended"
    is_late = "overdue" in line.why
    return {
        "remind": not stands,
        "ask": is_late,
        "know": bool(task.level),
        "assign": not stands,
        "unassign": task.claimed_by is not None,
        "pause": not stands and task.paused_at is None,
        "go-on": task.paused_at is not None,
        "resume": stands,
        "prioritise": True,
        "move": not stands,
        "cancel": True,
    }


def _bulk_deeds(view: str) -> list[str]:
    """What can be done to many of this list at once."""
    if view == "stuck":
        return [name for name in ("retry", "prioritise", "cancel") if _may(name)]
    known = [name for name in DEEDS if name not in ("retry", "resume") and _may(name)]
    return known + (["resume"] if view == "paused" and _may("resume") else [])


def _may(deed: str) -> bool:
    """Whether she may do it somewhere; where she may not, the deed itself says so."""
    return bool(g.actor.may_somewhere(RIGHTS[deed]))


def _narrow(asked: Asked, group: Group, view: str = "all") -> str:
    """The steps of one group, as a list."""
    if asked.by == "step":
        sop, _slash, element = group.key.partition("/")
        return asked.to(view=view, by=None, sop=sop, element=element)
    if group.key == "0":  # of nobody, or of no post
        nobody = {"post": "vacant", "person": "unclaimed"}
        return asked.to(view=nobody[asked.by], by=None)
    return asked.to(view=view, by=None, **{asked.by: group.key})


# --- what it can be narrowed by ------------------------------------------------------------------


def _form(asked: Asked) -> dict[str, Any]:
    """The choices of the filter: of one office's people, only where one office is meant."""
    narrowed, known = asked.narrowed, asked.offices
    here = [each.id for each in known if narrowed.office in (None, each.id)]
    office = here[0] if len(here) == 1 else None
    sop = sopbook.known(g.session, g.actor, narrowed.sop) if narrowed.sop else None
    steps = sopbook.step_names(g.session, sop) if sop else []
    return {
        "offices": [(each.id, each.name) for each in known],
        "sops": sopbook.names(g.session, g.actor) if known else [],
        "sop": sop,
        "sop_office": next((each for each in known if sop and each.id == sop.office_id), None),
        "steps": steps,
        "step_name": dict(steps).get(narrowed.element, narrowed.element),
        "posts": postbook.names(g.session, office) if office else [],
        "people": _people(office),
        "only": monitor.called(g.session, asked.look),
        "groups_offered": _groups(known),
        "horizons": HORIZONS,
        "patiences": PATIENCES,
        "several": len(known) > 1,
    }


def _people(office: int | None) -> list[tuple[int, str]]:
    if office is None:
        return []
    return choices.people(colleagues.of_office(g.session, office, g.now))


def _groups(known: Sequence[Place]) -> dict[str, str]:
    """By what it can be put together: by office only where there are several."""
    kabupaten = {each.kabupaten for each in known}
    alone = {"office": len(known) == 1, "kabupaten": len(kabupaten) == 1}
    return {name: label for name, label in GROUPS.items() if not alone.get(name)}
