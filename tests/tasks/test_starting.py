"""Twin of tasks/starting.py: what is asked when a case starts, and how it is called."""

from typing import Any

import pytest

from engine import timers
from engine.access import Forbidden
from engine.cases import BadTitle, NotYoursToStart
from engine.db import EVERYWHERE
from engine.models import Case, Sop
from tasks import answers, inbox, lists, starting
from tasks.forms import FormRefused
from tasks.starting import TitledByRule
from tests import questionnaire
from tests.conftest import THURSDAY, Cast

SENT = {"unit": "Kasi PMD", "triwulan": "1", "tenggat": "31 Maret 2026", "jumlah": "1.250"}


@pytest.fixture
def sop(cast: Cast) -> int:
    with cast.database.transaction(EVERYWHERE) as session:
        return questionnaire.publish(session, THURSDAY).id


def started(
    cast: Cast, sop: int, sent: dict[str, Any], title: str = "", who: str = "kasubbag"
) -> Case:
    with cast.at_work(f"{who}.gambut") as (session, actor):
        return starting.start(session, actor, session.get_one(Sop, sop), title, sent, THURSDAY)


def test_a_case_is_called_by_what_was_filled_in(cast: Cast, sop: int) -> None:
    case = started(cast, sop, {**SENT, "jumlah": 12})
    assert case.title == "Data kinerja Kasi PMD triwulan I 2026"
    assert case.data == {"unit": "Kasi PMD", "triwulan": "1", "tenggat": "2026-03-31", "jumlah": 12}


def test_all_that_is_wrong_is_said_at_once_each_at_its_field(cast: Cast, sop: int) -> None:
    with pytest.raises(FormRefused) as refused:
        started(cast, sop, {"triwulan": "9", "jumlah": "banyak", "kota": "x"})
    assert [place for place, _ in refused.value.wrong.items()] == [
        ("kota",),
        ("unit",),
        ("triwulan",),
        ("jumlah",),
    ]


def test_where_the_rule_gives_a_title_nobody_else_does(cast: Cast, sop: int) -> None:
    with pytest.raises(TitledByRule):
        started(cast, sop, {**SENT, "jumlah": None}, title="Judul saya")


def test_without_a_rule_a_title_is_asked_for(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        sop = questionnaire.publish(session, THURSDAY, rule="").id
    sent = {"unit": "Kasi PMD", "triwulan": "2"}
    with pytest.raises(BadTitle):
        started(cast, sop, sent)
    assert started(cast, sop, sent, title=" Data  PMD ").title == "Data PMD"


def test_nobody_learns_what_a_form_wants_whose_sop_she_may_not_start(cast: Cast, sop: int) -> None:
    with pytest.raises(NotYoursToStart):
        started(cast, sop, {}, who="staf")
    with pytest.raises(Forbidden):
        started(cast, sop, {}, who="perancang")


def test_who_comes_after_reads_what_it_began_with(cast: Cast, sop: int) -> None:
    case = started(cast, sop, {**SENT, "jumlah": None})
    with cast.at_work("kasubbag.gambut") as (session, actor):
        [line] = lists.page(session, actor, "inbox", THURSDAY).items
        shown = inbox.look(session, actor, line.task.id)
        meaning = starting.meaning(session, shown.sop)
        [answer] = answers.before(session, shown.task, meaning)
    assert answer.step.name == "Saat berkas dimulai"
    assert answer.data["unit"] == "Kasi PMD"
    assert case.id == line.task.case_id


def test_the_timetable_titles_its_rounds_by_the_same_rule(cast: Cast) -> None:
    optional = questionnaire.FORM.replace(' wajib="true"', "").replace(
        "<bpmn:extensionElements>", '<bpmn:extensionElements><sop:pemicu siklus="R/P3M"/>'
    )
    rule = "Data kinerja {bulan} {tahun}"
    with cast.database.transaction(EVERYWHERE) as session:
        sop = questionnaire.publish(session, THURSDAY, optional, rule)
        assert sop.starts_at is not None
        case = timers.start_round(session, sop.id, sop.starts_at)
        assert case is not None
        assert case.title == "Data kinerja April 2026"
        assert case.data == dict.fromkeys(["unit", "triwulan", "tenggat", "jumlah"])
