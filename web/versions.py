"""Two versions of one form, side by side: what was typed here, and what stands there instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import g, jsonify, render_template
from flask.typing import ResponseReturnValue

from bpmn.document import Step
from bpmn.errors import N_, AlurError
from bpmn.forms import PILIHAN, Formulir, Isian
from engine.models import Draft
from tasks import drafts, excuses, inbox
from tasks.drafts import TypedElsewhere
from tasks.forms import texts
from tasks.ground import NoSuchTask
from tasks.inbox import TaskView
from web import errors, fields, guard, receiving
from web.fields import MARK
from web.i18n import _
from web.receiving import TICK, Sent, place


@dataclass(frozen=True)
class Version:
    """A form as it stands somewhere: whose, since when, and its fields as a page has them."""

    who: str | None
    at: datetime | None
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One field in both versions."""

    label: str
    there: str
    here: str

    @property
    def differs(self) -> bool:
        return self.there != self.here


_LATE: Final = {
    "late_reason": N_("Sebab terlambat"),
    "late_note": N_("Keterangan keterlambatan"),
}


def too_late(task_id: int, error: AlurError) -> ResponseReturnValue:
    """She may not send it any more: why, what stands there now, and all she typed, which is kept.

    Only who had the form before her is shown this; others are merely refused.
    """
    if isinstance(error, NoSuchTask) or receiving.page_token() is None:
        raise error
    shown = inbox.look(g.session, g.actor, task_id)
    sent = receiving.typed(shown.step)
    kept = sent.kept()
    guard.keep(place(task_id), kept, sent.writer)
    status = getattr(error, "status", 409)
    if errors.wants_data():
        return jsonify(status=status, detail=errors.sentence(error), lost=True), status
    there = recorded(shown)
    page = render_template(
        "tasks/versions.html",
        shown=shown,
        said=errors.sentence(error),
        lines=lines(shown, there, Version(None, None, kept)),
        there=there,
        elsewhere=None,
        now=g.now,
    )
    return page, status


def elsewhere(task_id: int, sent: Sent, error: TypedElsewhere) -> ResponseReturnValue:
    """Her own form, typed at two desks: she chooses, and until then neither is lost."""
    if errors.wants_data():
        return jsonify(status=error.status, detail=errors.sentence(error)), error.status
    shown, other = inbox.look(g.session, g.actor, task_id), error.other
    there = Version(None, other.saved_at, other.fields)
    page = render_template(
        "tasks/versions.html",
        shown=shown,
        said=errors.sentence(error),
        lines=lines(shown, there, Version(None, None, sent.kept())),
        there=there,
        elsewhere={**sent.kept(), "page": sent.writer.page, "base": drafts.version(other)},
        now=g.now,
    )
    return page, error.status


def left_over(shown: TaskView, draft: Draft | None) -> list[Line]:
    """What she typed into a task that is not hers to send any more, beside what stands there."""
    if draft is None:
        return []
    here = Version(None, draft.saved_at, draft.fields)
    found = lines(shown, recorded(shown), here)
    return found if any(line.differs and line.here for line in found) else []


def recorded(shown: TaskView) -> Version | None:
    """What a completed step was answered, as the fields of its page would have it."""
    task, form = shown.task, shown.step.form
    if task.status != "done":
        return None
    answered = dict(fields.flat(form, texts.of(form, task.data or {}))) if form else {}
    ticks = {f"{TICK}{number}": "1" for number in task.checked or ()}
    beside = ("outcome", "reason", "late_reason", "late_note")
    said = {name: getattr(task, name) or "" for name in beside}
    return Version(shown.ended_by, task.ended_at, {**answered, **ticks, **said})


# --- line by line ----------------------------------------------------------------------------


def lines(shown: TaskView, there: Version | None, here: Version) -> list[Line]:
    """Every field that either of them fills in, in the order of the page."""
    one, other, step = there.fields if there else {}, here.fields, shown.step
    names = [name for name in _names(step, {**one, **other}) if one.get(name) or other.get(name)]
    return [
        Line(
            _label(step, name),
            _text(shown, name, one.get(name, "")),
            _text(shown, name, other.get(name, "")),
        )
        for name in names
    ]


def _names(step: Step, known: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{TICK}{number}" for number, _item in enumerate(step.mutu_baku.items, 1))
    if step.form is not None:
        written = [name for name in known if name.startswith(f"{MARK}.")]
        yield from sorted(written, key=lambda name: _order(step.form or Formulir(), name))
    yield from ("outcome", "reason", "late_reason", "late_note")


def _order(form: Formulir, name: str) -> tuple[int, int, int]:
    key, row, column = _parts(name)
    keys = [asked.kunci for asked in form.isian]
    at = keys.index(key) if key in keys else len(keys)
    columns = [each.kunci for each in texts.columns(form.isian[at])] if at < len(keys) else []
    return at, int(row or 0), columns.index(column) if column in columns else -1


def _parts(name: str) -> tuple[str, str, str]:
    key, row, column = (*name.split(".")[1:], "", "", "")[:3]
    return key, row if fields.is_count(row) else "", column


def _asked(step: Step, name: str) -> tuple[Isian | None, Isian | None]:
    """The field, and the column of it, that a name stands for."""
    key, _row, column = _parts(name)
    isian = step.form.isian if step.form else ()
    asked = next((one for one in isian if one.kunci == key), None)
    columns = texts.columns(asked) if asked is not None and asked.has_rows else ()
    return asked, next((one for one in columns if one.kunci == column), None)


def _label(step: Step, name: str) -> str:
    if name.startswith(TICK):
        return _items(step).get(name, name)
    if name == "outcome" and step.decision is not None:
        return step.decision.question
    if name == "reason":
        return _("Alasan") if step.decision is not None else _("Catatan")
    if name in _LATE:
        return _(_LATE[name])
    asked, column = _asked(step, name)
    if asked is None:
        return name
    if column is None:
        return _(asked.text)
    row = int(_parts(name)[1] or 0) + 1
    return _("Baris %(number)s, %(column)s", number=row, column=_(column.text))


def _items(step: Step) -> dict[str, str]:
    return {f"{TICK}{number}": item for number, item in enumerate(step.mutu_baku.items, 1)}


def _text(shown: TaskView, name: str, value: str) -> str:
    step = shown.step
    if not value:
        return ""
    if name.startswith(TICK):
        return _("ada")
    if name == "late_reason":
        return _(excuses.text(shown.office, value) or value)
    if name == "outcome" and step.decision is not None:
        ways = {way.value: way.label for way in step.decision.outcomes}
        return ways.get(value, value)
    asked, column = _asked(step, name)
    chosen = column or asked
    if chosen is not None and chosen.jenis == PILIHAN:
        return next((_(one.text) for one in chosen.pilihan if one.nilai == value), value)
    return value
