"""Twin of engine/questions.py: the owner of an SOP answers what its diagram asks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn import library
from engine import questions, sopbook, sops
from engine.access import Forbidden
from engine.db import Database
from engine.models import Office
from engine.questions import Question
from engine.sops import NoSuchSop
from tests.conftest import THURSDAY, Cast

SLUG = "pengumpulan-dan-pengukuran-data-kinerja"
WHO = "Sekretaris Camat memverifikasi."


def asked(session: Session, cast: Cast) -> dict[str, Question]:
    """The questions of Gambut's SOP, by the ids they have in its diagram."""
    shown = sopbook.view(session, cast("camat.gambut"), "gambut", SLUG)
    found = questions.of(session, shown.sop, shown.meaning.temuan)
    return {each.temuan.id: each for each in found}


def answer(cast: Cast, who: str, text: str, seen: int = 0, question: str = "G1") -> None:
    with cast.at_work("camat.gambut") as (session, _):
        key = asked(session, cast)[question].key
    now = THURSDAY + timedelta(minutes=seen)
    with cast.at_work(who) as (session, actor):
        questions.answer(session, actor, "gambut", SLUG, key, text, seen, now)


def said(cast: Cast, question: str = "G1") -> list[tuple[str, str, str]]:
    with cast.at_work("staf.gambut") as (session, _):
        return [
            (each.reply.text, each.who, each.reply.capacity)
            for each in asked(session, cast)[question].said
        ]


def still_open(cast: Cast) -> list[str]:
    with cast.at_work("staf.gambut") as (session, _):
        return [id_ for id_, question in asked(session, cast).items() if question.is_open]


def test_a_question_is_open_until_its_owner_answers(cast: Cast) -> None:
    assert still_open(cast) == [f"G{number}" for number in range(1, 10)]
    answer(cast, "camat.gambut", f"  {WHO}\r\nKasubbag mengetahui. \n")
    assert still_open(cast) == [f"G{number}" for number in range(2, 10)]
    text = f"{WHO}\nKasubbag mengetahui."
    assert said(cast) == [(text, "Rahmadi Syahputra", "Camat")]
    with cast.at_work("staf.gambut") as (session, _):
        [first] = asked(session, cast)["G1"].said
        assert first.reply.at == THURSDAY


def test_a_later_answer_counts_and_the_earlier_one_stays(cast: Cast) -> None:
    answer(cast, "camat.gambut", WHO)
    answer(cast, "sekcam.gambut", "Saya sendiri.", seen=1)
    assert said(cast) == [
        ("Saya sendiri.", "Siti Norhayati", "Sekretaris Camat"),
        (WHO, "Rahmadi Syahputra", "Camat"),
    ]


def test_whoever_had_not_read_the_last_answer_is_told_of_it(cast: Cast) -> None:
    answer(cast, "camat.gambut", WHO)
    with pytest.raises(questions.AnsweredMeanwhile, match="Rahmadi Syahputra baru saja"):
        answer(cast, "sekcam.gambut", "Saya sendiri.")
    assert len(said(cast)) == 1


def test_an_answer_sent_again_is_kept_once(cast: Cast) -> None:
    answer(cast, "camat.gambut", WHO)
    answer(cast, "camat.gambut", WHO)
    assert len(said(cast)) == 1


def test_of_two_who_answer_at_once_one_is_told_of_the_other(cast: Cast, database: Database) -> None:
    ready = Barrier(2)

    def told(who: str) -> str:
        ready.wait()
        try:
            answer(cast, who, f"Kata {who}.")
        except questions.AnsweredMeanwhile:
            return "meanwhile"
        return "kept"

    with ThreadPoolExecutor() as both:
        ends = sorted(both.map(told, ["camat.gambut", "sekcam.gambut"]))
    assert ends == ["kept", "meanwhile"]
    assert len(said(cast)) == 1


def test_a_question_put_in_other_words_is_open_again(cast: Cast) -> None:
    answer(cast, "camat.gambut", WHO)
    answer(cast, "camat.gambut", "Langkah 3.", question="G2")
    xml = library.load(f"gambut/{SLUG}")
    old = b"Siapa yang memverifikasi pada langkah 3: Sekretaris"
    assert old in xml
    with cast.at_work("perancang.gambut") as (session, designer):
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        drawn = xml.replace(old, b"Siapa memverifikasi langkah 3: Sekretaris")
        sops.publish(session, designer, office, SLUG, drawn, THURSDAY, over=1)
    assert still_open(cast)[0] == "G1"
    assert "G2" not in still_open(cast)


@pytest.mark.parametrize("who", ["staf.gambut", "perancang.gambut", "pengawas.banjar", "admin"])
def test_only_the_leaders_answer_for_their_office(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        answer(cast, who, WHO)


def test_another_office_s_camat_does_not_find_the_sop(cast: Cast) -> None:
    with pytest.raises(NoSuchSop):
        answer(cast, "camat.sumbang", WHO)


@pytest.mark.parametrize("text", ["", " \n ", "a" * 2_001])
def test_an_answer_says_something_and_not_too_much(cast: Cast, text: str) -> None:
    with pytest.raises(questions.NoReply, match="paling banyak 2000 huruf"):
        answer(cast, "camat.gambut", text)


def test_what_no_revision_asks_is_not_answered(cast: Cast) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        with pytest.raises(questions.NoSuchQuestion):
            questions.answer(session, camat, "gambut", SLUG, "0" * 64, WHO, 0, THURSDAY)
