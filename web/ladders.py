"""Who hears of lateness, and when: an office's ladder, its SOPs' own, looked at first."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.durations import Duration
from bpmn.errors import N_
from engine import ladder, ladderbook, offices, sopbook
from engine.ladder import Ladder, LadderError
from engine.ladderbook import ChangedMeanwhile, NothingChanges
from engine.models import Office, Sop
from web import errors, times
from web.calendar_words import Said
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("ladders", __name__, url_prefix="/offices/<office>/ladder")

# The rules by the names of their fields; what hears there.
FIELDS: Final = {"level-2": "2", "level-3": "3", "level-4": "4", "floor": "floor"}
HEARS: Final = {
    1: N_("yang memegang langkah, atau jabatannya"),
    2: N_("atasan jabatan itu"),
    3: N_("camat"),
    4: N_("pengawas kabupaten"),
}
OFFICES, OWN = "office", "own"
_SHOWN: Final = 25


@blueprint.get("")
@allow("office.furnish")
def page(office: str) -> ResponseReturnValue:
    return _look(_office(office), None)


@blueprint.post("")
@allow("office.furnish", form="ladders.page")
def put(office: str) -> ResponseReturnValue:
    return _put(_office(office), None)


@blueprint.get("/<slug>")
@allow("office.furnish")
def of_sop(office: str, slug: str) -> ResponseReturnValue:
    return _look(*_sop(office, slug))


@blueprint.post("/<slug>")
@allow("office.furnish", form="ladders.of_sop")
def put_sop(office: str, slug: str) -> ResponseReturnValue:
    return _put(*_sop(office, slug))


def _office(slug: str) -> Office:
    return offices.find(g.session, g.actor, slug, "office.furnish")


def _sop(office: str, slug: str) -> tuple[Office, Sop]:
    here = _office(office)
    sop, _its = sopbook.find(g.session, g.actor, office, slug)
    return here, sop


def _look(office: Office, sop: Sop | None) -> ResponseReturnValue:
    """What holds; and where something else was typed, what that would do. Nothing is changed."""
    if not request.args.keys() & {*FIELDS, "whose"}:
        return _page(office, sop, _fields(office, sop))
    try:
        return _page(office, sop, request.args, wanted=[_typed(request.args, sop)])
    except LadderError as error:
        return _page(office, sop, request.args, {_field(error): errors.sentence(error)}), 422


def _put(office: Office, sop: Sop | None) -> ResponseReturnValue:
    form = request.form
    try:
        wanted = _typed(form, sop)
        count = ladderbook.put_in_force(
            g.session, g.actor, office, sop, wanted, _seen(form.get("seen", "")), g.now
        )
    except LadderError as error:
        return _page(office, sop, form, {_field(error): errors.sentence(error)}), error.status
    except (ChangedMeanwhile, NothingChanges) as error:
        return _page(office, sop, form, {"tangga": errors.sentence(error)}), error.status
    said = ngettext(
        "Tangga ini berlaku mulai sekarang; %(num)s langkah terlambat mengikutinya.",
        "Tangga ini berlaku mulai sekarang; %(num)s langkah terlambat mengikutinya.",
        count,
    )
    flash(said, "success")
    return redirect(_here(office, sop), 303)


def _typed(fields: Mapping[str, str], sop: Sop | None) -> Ladder | None:
    """The rules that were typed; None: those of the office."""
    if sop is not None and fields.get("whose") != OWN:
        return None
    return ladder.read({key: fields.get(field, "") for field, key in FIELDS.items()})


def _seen(text: str) -> Any:
    """What was in force when she looked; what is no such thing is nothing that ever was."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _field(error: LadderError) -> str:
    return next(field for field, key in FIELDS.items() if key == error.field)


def _here(office: Office, sop: Sop | None) -> str:
    if sop is None:
        return url_for("ladders.page", office=office.slug)
    return url_for("ladders.of_sop", office=office.slug, slug=sop.slug)


def _fields(office: Office, sop: Sop | None) -> dict[str, str]:
    """The rules in force as they would be typed."""
    rules = ladder.of(office, sop)
    whose = OWN if sop is not None and sop.ladder is not None else OFFICES
    return {**{field: _plain(_rule(rules, key)) for field, key in FIELDS.items()}, "whose": whose}


def _rule(rules: Ladder, key: str) -> Duration | None:
    return rules.floor if key == "floor" else rules.intervals[int(key)]


def _plain(rule: Duration | None) -> str:
    return times.duration(rule) if rule is not None else ""


def _page(
    office: Office,
    sop: Sop | None,
    fields: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    wanted: list[Ladder | None] | None = None,
) -> str:
    facts: dict[str, Any] = {}
    if wanted:
        facts = _effect(office, sop, wanted[0])
    return render_template(
        "ladders/page.html",
        office=office,
        sop=sop,
        fields=fields,
        wrong=wrong or {},
        rungs=rungs(ladder.of(office, sop)),
        is_own=sop is not None and sop.ladder is not None,
        follows=[(OFFICES, _("Tangga kantor")), (OWN, _("Tangga sendiri"))],
        sops=ladderbook.own(g.session, office) if sop is None else [],
        rungs_of=lambda each: rungs(ladder.of(office, each)),
        here=_here(office, sop),
        now=g.now,
        **facts,
    )


def _effect(office: Office, sop: Sop | None, wanted: Ladder | None) -> dict[str, Any]:
    before, after = ladder.of(office, sop), wanted or ladder.of(office)
    seen = ladderbook.outlook(g.session, office, sop, wanted, g.now)
    in_force = ladderbook.written(office, sop)
    return {
        "seen": seen,
        "shown": seen.shifts[:_SHOWN],
        "said": _differences(sop, before, after, wanted),
        "in_force": orjson.dumps(in_force).decode(),
        "is_same": in_force == (wanted.written() if wanted is not None else None),
        "hears": HEARS,
    }


def _differences(
    sop: Sop | None, before: Ladder, after: Ladder, wanted: Ladder | None
) -> list[Said]:
    said = []
    if sop is not None and (sop.ladder is None) != (wanted is None):
        whose = (_("Tangga kantor"), _("Tangga sendiri"))
        was = sop.ladder is not None
        said.append(Said(_("Tangga"), whose[was], whose[not was]))
    for key in FIELDS.values():
        old, new = _rule(before, key), _rule(after, key)
        if old != new:
            said.append(Said(_named(key), _after(key, old), _after(key, new)))
    return said


def _named(key: str) -> str:
    if key == "floor":
        return _("Paling cepat sejak langkah dibuka")
    return _("Tingkat %(level)s: %(who)s", level=key, who=_(HEARS[int(key)]))


def _after(key: str, rule: Duration | None) -> str:
    if rule is None:
        return _("tidak dibatasi") if key == "floor" else _("tidak mendengar")
    return _("%(span)s kerja", span=times.duration(rule))


def rungs(rules: Ladder) -> list[str]:
    """The ladder as it is read aloud, from the lowest."""
    first = _("begitu tenggatnya lewat: %(who)s", who=_(HEARS[1]))
    if rules.floor is not None:
        floor = _("%(span)s kerja", span=times.duration(rules.floor))
        first = _("%(first)s, paling cepat %(floor)s sejak dibuka", first=first, floor=floor)
    said = [first]
    for level, rule in rules.intervals.items():
        if rule is not None:
            span = _("%(span)s kerja", span=times.duration(rule))
            said.append(_("%(span)s sesudah tenggat: %(who)s", span=span, who=_(HEARS[level])))
    return said
