"""The half-yearly form: what the facts say by the rule, and what the office's leader says."""

from datetime import date

import pytest
from sqlalchemy import select

from bpmn.document import Temuan
from engine import access, assessments, questions, reportbook
from engine.assessments import Line, Rule, Said
from engine.db import EVERYWHERE
from engine.models import Assessment, Office, Sop
from engine.reportbook import Now, StepFacts
from engine.tallies import CaseCount, Count
from tests.conftest import THURSDAY, Cast

HALF = "2026-1"


def step(
    standard: int | None,
    worked: list[int],
    late: int = 0,
    returned: int = 0,
    *,
    decides: bool = False,
) -> StepFacts:
    """A step that took so many minutes each time; its mutu baku is in minutes too."""
    count = Count(done=len(worked), timed=len(worked), late=late, returned=returned)
    for minutes in worked:
        count.worked.add(minutes * 60)
    seconds = None if standard is None else standard * 60
    return StepFacts("L", "1", "Langkah", "", None, seconds, count, Now(), is_decision=decides)


def line(*steps: StepFacts, rule: Rule = Rule()) -> Line:  # noqa: B008
    total = reportbook.sum_of([each.count for each in steps], spans=False)
    return Line(Sop(name="SOP"), steps, CaseCount(done=1), total, [], rule)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (line(step(10, [5, 10, 15])), "baik"),  # half of them took ten minutes or less
        (line(step(10, [5, 11, 15])), "tidak"),
        (line(step(10, [5, 11, 15]), rule=Rule(worked=110)), "baik"),
        (line(step(10, [5, 11, 15]), rule=Rule(worked=None)), "baik"),
        (line(step(None, [5_000])), "baik"),  # without a mutu baku there is nothing to exceed
        (line(step(10, [1] * 10, late=1)), "baik"),  # ten percent is not more than ten
        (line(step(10, [1] * 10, late=2)), "tidak"),
        (line(step(10, [1] * 5, returned=1, decides=True)), "baik"),
        (line(step(10, [1] * 5, returned=2, decides=True)), "tidak"),
        (line(step(10, [])), None),  # nobody ran it
    ],
)
def test_the_rule_speaks_by_the_facts(facts: Line, verdict: str | None) -> None:
    assert facts.by_facts == verdict


def test_halves_of_a_year() -> None:
    assert assessments.half_of(date(2026, 6, 30)) == "2026-1"
    assert assessments.latest(date(2026, 7, 1), 3) == ["2026-2", "2026-1", "2025-2"]
    assert assessments.period_of("2026-2").first == date(2026, 7, 1)
    for wrong in ("2026-3", "1999-1", "2026", "x", "2026-1 ", "２０26-1"):
        with pytest.raises(assessments.NoSuchHalf):
            assessments.period_of(wrong)


def assess(cast: Cast, who: str, said: Said, office: str = "gambut") -> None:
    with cast.at_work(who) as (session, actor):
        here = session.scalars(select(Office).where(Office.slug == office)).one()
        sop = session.scalars(select(Sop.id).where(Sop.office_id == here.id)).first()
        assert sop is not None
        assessments.assess(session, actor, here, HALF, sop, said, THURSDAY)


def kept(cast: Cast) -> Assessment:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Assessment)).one()


@pytest.mark.usefixtures("database")
def test_a_leader_adds_what_the_facts_do_not_know(cast: Cast) -> None:
    assess(cast, "camat.gambut", Said("baik", " Sistem baru dipasang.\r\n", "", 0))
    one = kept(cast)
    assert (one.verdict, one.note, one.capacity, one.number) == (
        "baik",
        "Sistem baru dipasang.",
        "Camat",
        1,
    )
    assess(cast, "sekcam.gambut", Said("", "Sudah lancar.", "Teruskan.", 1))
    assert (kept(cast).verdict, kept(cast).note, kept(cast).number) == (None, "Sudah lancar.", 2)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seen", [0, 2])
def test_of_two_leaders_the_second_reads_what_the_first_wrote(cast: Cast, seen: int) -> None:
    assess(cast, "camat.gambut", Said(note="Pertama"))
    with pytest.raises(assessments.WrittenMeanwhile, match="Rahmadi Syahputra"):
        assess(cast, "sekcam.gambut", Said(note="Kedua", seen=seen))
    assert kept(cast).note == "Pertama"


@pytest.mark.usefixtures("database")
def test_others_read_it_and_write_nothing(cast: Cast) -> None:
    for who in ("pengawas.banjar", "perancang.gambut", "staf.gambut"):
        with pytest.raises(access.Forbidden):
            assess(cast, who, Said(note="x"))
    with pytest.raises(assessments.TooLong):
        assess(cast, "camat.gambut", Said(note="x" * 2_001))


def test_an_office_sets_its_own_limits(cast: Cast) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        assessments.set_rule(camat, gambut, {"late": "25", "worked": "", "questions": "0"})
    with cast.database.reading(EVERYWHERE) as session:
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        assert assessments.rule_of(gambut) == Rule(25, None, None, 0)
        martapura = session.scalars(select(Office).where(Office.slug == "martapura-barat")).one()
        assert assessments.rule_of(martapura) == Rule(10, 100, 20, None)


@pytest.mark.parametrize("typed", ["-1", "1001", "sepuluh", "1.5", "٣", "1e3", "9" * 40])
def test_a_limit_that_is_none_is_refused(cast: Cast, typed: str) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        with pytest.raises(assessments.BadLimit) as wrong:
            assessments.set_rule(camat, gambut, {"returned": typed})
        assert wrong.value.field == "returned"


@pytest.mark.usefixtures("database")
def test_important_questions_count_until_they_are_answered(cast: Cast) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        [row] = assessments.of(session, camat, gambut, HALF).lines
        assert [each.id for each in row.questions] == ["G1", "G5"]
        assert [found.kind for found in row.findings] == ["questions"]
        questions.answer(
            session, camat, "gambut", row.sop.slug, key_of(row.questions[0]), "Sekcam", 0, THURSDAY
        )
        [row] = assessments.of(session, camat, gambut, HALF).lines
        assert [each.id for each in row.questions] == ["G5"]


def key_of(temuan: Temuan) -> str:
    return questions._key(temuan)
