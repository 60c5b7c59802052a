"""Start a case: what its start form asks is checked, and its SOP's rule gives it a title."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bpmn import titles
from bpmn.document import Sop as Meaning
from bpmn.errors import N_
from bpmn.forms import ANGKA, PILIHAN, TANGGAL, Isian
from engine import cases, formdata, performance, sops
from engine.access import Actor
from engine.cases import CaseError
from engine.models import Case, Office, Revision, Sop
from engine.performance import Rules
from tasks import forms
from tasks.forms import cells

_CUT: Final = "…"


class TitledByRule(CaseError):
    sentence = N_(
        "Judul berkas SOP ini disusun sendiri menurut aturannya, “%(rule)s”. Kosongkan judulnya."
    )
    status = 422
    field = "title"


def meaning(session: Session, sop: Sop) -> Meaning:
    """What the revision says that a case starting now would follow."""
    if sop.revision_id is None:
        raise cases.NotYoursToStart
    return sops.meaning(session.get_one(Revision, sop.revision_id))


def start(
    session: Session,
    actor: Actor,
    sop: Sop,
    title: str,
    sent: Mapping[str, Any],
    now: datetime,
) -> Case:
    """Open a berkas with what was filled in, as the holder of its first step's post."""
    cases.require_start(actor, sop)
    said = meaning(session, sop)
    data = check(session, sop, said, sent)
    called = title_of(session, sop, said, title, data, now)
    return cases.start(session, actor, sop, called, now, data=data)


def check(session: Session, sop: Sop, said: Meaning, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as it is kept; or every problem at once."""
    if said.start_form is None:
        return formdata.check(sent)
    return forms.check(said.start_form, sent, rules(session, sop), {})


def rules(session: Session, sop: Sop) -> Rules:
    """The office's rules for capaian."""
    return performance.rules(session.get_one(Office, sop.office_id).capaian)


def title_of(
    session: Session,
    sop: Sop,
    said: Meaning,
    typed: str,
    data: Mapping[str, Any],
    now: datetime,
) -> str:
    """By the SOP's rule where it has one; else as it was typed."""
    if said.judul is None:
        return cases.checked_title(typed)
    if typed.strip():
        raise TitledByRule(rule=said.judul)
    zone = ZoneInfo(session.get_one(Office, sop.office_id).zone)
    title = titles.compose(said.judul, words(said, data, now.astimezone(zone)))
    most = cases.LONGEST_TITLE
    return title if len(title) <= most else title[: most - 1] + _CUT


def words(said: Meaning, data: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What stands in a title for each name: the day's, and above it what was filled in."""
    asked = said.start_form.isian if said.start_form else ()
    return titles.of_day(now.date()) | {
        field.kunci: _word(field, data.get(field.kunci)) for field in asked if not field.has_rows
    }


def _word(field: Isian, kept: Any) -> str:
    if kept is None:
        return ""
    if field.jenis == PILIHAN:
        return next((one.text for one in field.pilihan if one.nilai == kept), str(kept))
    if field.jenis == TANGGAL:
        return cells.write_day(datetime.fromisoformat(kept).date())
    # A year is 2026, not 2.026.
    return str(kept).replace(".", ",") if field.jenis == ANGKA else str(kept)
