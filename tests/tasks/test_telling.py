"""What people are told outside, when: stories of fixed days in Banjar, with real letters.

Ramadan 2026 lasts until 19 March: Monday to Thursday 08:00-15:00, Friday 08:00-15:30. The 19th is
Nyepi; from the 25th the office opens at 07:30 again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from engine import incidents, notices, steering
from engine.cases import CaseStuck
from engine.db import EVERYWHERE
from engine.models import Case, Office, Person, Post, Task
from engine.notices import Telling
from tasks import assigning, bell, inbox, lists
from tests.conftest import THURSDAY, Cast
from tests.days import at, away
from tests.gambut import do, start
from tests.tasks.outlet import Mail, all_off, change, deliveries, mail_of, reached, text
from tests.tasks.people import id_of

KASUBBAG, STAF, SEKCAM, CAMAT, KASI = (
    f"{post}.gambut" for post in ("kasubbag", "staf", "sekcam", "camat", "kasi")
)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mail(cast: Cast) -> Iterator[Mail]:
    with mail_of(cast) as mail:
        yield mail


def given(cast: Cast, who: str, now: datetime, title: str = "Data kinerja") -> int:
    """A leader gives somebody the first step of a new case: of this she is told at once."""
    start(cast, title, now)
    with cast.at_work(CAMAT, now) as (session, camat):
        task = session.scalars(select(Task.id).order_by(Task.id.desc()).limit(1)).one()
        assigning.assign(session, camat, task, id_of(cast, who), "Tolong hari ini.", now)
        return task


def stuck(cast: Cast, now: datetime) -> None:
    case_id = start(cast, "Macet", now)
    with cast.database.transaction(EVERYWHERE) as session:
        case = session.get_one(Case, case_id)
        incidents.record(session, CaseStuck(case, "Tidak ada jalan."), now)


# --- when ----------------------------------------------------------------------------------------


def test_what_happens_in_working_hours_is_told_a_minute_later(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    given(cast, STAF, THURSDAY)
    assert mail.subjects(THURSDAY) == []
    [letter] = mail.came(THURSDAY + MINUTE)
    assert letter["To"] == "staf@gambut.go.id"
    assert letter["Subject"].startswith("Alur: Ditugaskan kepada Anda oleh pimpinan – ")
    assert mail.subjects(THURSDAY + 2 * MINUTE) == []


def test_friday_evening_waits_for_monday_in_ramadan_at_eight(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF, **{**all_off(), "given": "at once"})
    given(cast, STAF, at(13, 17))
    for silent in (at(13, 17, 5), at(14, 10), at(15, 10), at(16, 7, 59)):
        assert mail.subjects(silent) == []
    [letter] = mail.came(at(16, 8))
    assert "Ditugaskan kepada Anda" in text(letter)


def test_the_evening_before_a_holiday_waits_for_the_day_after_it(cast: Cast, mail: Mail) -> None:
    # Wednesday the 18th, then Nyepi and Idul Fitri with its cuti bersama.
    reached(cast, STAF, **{**all_off(), "given": "at once"})
    given(cast, STAF, at(18, 16))
    for day in range(19, 25):
        assert mail.subjects(at(day, 10)) == []
    assert len(mail.subjects(at(25, 7, 30))) == 1


def test_what_is_urgent_goes_at_once_at_any_hour(cast: Cast, mail: Mail) -> None:
    reached(cast, CAMAT)
    reached(cast, SEKCAM, any_hour="off")
    stuck(cast, at(14, 22))  # a Saturday night
    [letter] = mail.came(at(14, 22))
    assert letter["To"] == "camat@gambut.go.id"
    assert letter["Subject"] == "Alur: Berkas macet"
    # The secretary wants her night: with what else there is, on Monday.
    assert mail.came(at(15, 12)) == []
    [monday] = (letter for letter in mail.came(at(16, 8)) if letter["To"] == "sekcam@gambut.go.id")
    assert "Berkas macet: 1" in text(monday)


def test_after_a_message_there_is_peace_for_half_an_hour(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    given(cast, STAF, THURSDAY)
    mail.ticks(THURSDAY)
    assert len(mail.subjects(THURSDAY + MINUTE)) == 1
    for minute in (2, 10, 20):
        given(cast, STAF, THURSDAY + minute * MINUTE)
        assert mail.subjects(THURSDAY + (minute + 5) * MINUTE) == []
    # The three that were given, and the four that are late by now.
    wanted = ["Alur: 7 pemberitahuan, 4 lewat tenggat"]
    assert mail.subjects(THURSDAY + 31 * MINUTE) == wanted


def test_the_camat_gets_one_message_not_forty(cast: Cast, mail: Mail) -> None:
    reached(cast, CAMAT)
    for number in range(40):
        start(cast, f"Berkas {number}")
    late(cast, THURSDAY + 11 * MINUTE)
    came = mail.came(THURSDAY + 11 * MINUTE)
    assert [letter["To"] for letter in came] == ["camat@gambut.go.id"]
    assert came[0]["Subject"] == "Alur: 40 pemberitahuan, 40 lewat tenggat"
    said = text(came[0])
    assert "Lewat tenggat: 40." in said
    assert said.count("https://alur.example/tasks/") == 10
    assert "… dan 30 lainnya." in said


def late(cast: Cast, now: datetime, level: int = 3) -> None:
    """As the ladder tells the camat of each step that is late."""
    with cast.database.transaction(EVERYWHERE) as session:
        camat = session.scalars(select(Post.id).join(Office).where(*_camat())).one()
        for task in session.scalars(select(Task).order_by(Task.id)).all():
            case, cause = session.get_one(Case, task.case_id), f"late-{task.id}-{level}"
            told = Telling("late", task.id, posts=[camat], level=level, cause=cause)
            notices.tell(session, case, [told], now)


def _camat() -> list[object]:
    return [Office.slug == "gambut", Post.slug == "camat"]  # type: ignore[list-item]


# --- what ----------------------------------------------------------------------------------------


def test_a_letter_says_what_and_where_and_not_who_nor_about_whom(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    task = given(cast, STAF, THURSDAY, "Mutasi Siti Aminah, NIP 198001012005012003")
    mail.ticks(THURSDAY)
    [letter] = mail.came(THURSDAY + MINUTE)
    said = text(letter) + str(letter)
    for told in (
        "Ditugaskan kepada Anda oleh pimpinan: Merumuskan pengumpulan data",
        "Pengumpulan dan Pengukuran Data Kinerja · Kecamatan Gambut",
        "tenggat hari ini 09.10 WITA",
        f"https://alur.example/tasks/{task}",
    ):
        assert told in text(letter)
    with cast.database.reading(EVERYWHERE) as session:
        names = session.scalars(select(Person.name)).all()
    for secret in ("Siti Aminah", "198001012005012003", "Mutasi", *names):
        assert secret not in said


def test_a_step_called_in_two_lines_is_told_in_one(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    task = given(cast, STAF, THURSDAY)
    with cast.database.transaction(EVERYWHERE) as session:
        session.get_one(Task, task).name = "Merumuskan\nBcc: semua@lain.id"
    mail.ticks(THURSDAY)
    [letter] = mail.came(THURSDAY + MINUTE)
    assert letter["Subject"].endswith(" – Merumuskan Bcc: semua@lain.id")
    assert "pimpinan: Merumuskan Bcc: semua@lain.id\r\n" in text(letter)
    assert mail.post.to == ["staf@gambut.go.id"]


def test_what_she_has_read_meanwhile_is_not_sent(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    given(cast, STAF, THURSDAY)
    mail.ticks(THURSDAY)
    with cast.at_work(STAF) as (session, staf):
        bell.read_all(session, staf, 999, THURSDAY)
    assert mail.came(THURSDAY + MINUTE) == []
    assert [one.ended_as for one in deliveries(cast)] == ["moot"]


def test_what_was_finished_meanwhile_is_not_sent(cast: Cast, mail: Mail) -> None:
    reached(cast, KASUBBAG, **{**all_off(), "late": "at once"})
    start(cast)
    evening = at(12, 16)
    mail.ticks(evening)  # late since 09:10, noticed after closing
    assert [one.kind for one in deliveries(cast)] == ["notices"]
    do(cast, KASUBBAG, "Langkah_1", now=at(13, 7))
    assert mail.came(at(13, 8)) == []


def test_she_is_told_only_of_what_she_wants_and_where_she_wants_it(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF, **all_off())
    given(cast, STAF, THURSDAY)
    mail.ticks(THURSDAY)
    assert mail.came(THURSDAY + MINUTE) == []
    assert deliveries(cast) == []


def test_without_a_proved_address_nothing_leaves(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    change(cast, STAF, proved_at=None)
    given(cast, STAF, THURSDAY)
    mail.ticks(THURSDAY)
    assert mail.came(THURSDAY + MINUTE) == []


def test_who_left_or_is_away_is_not_followed_home(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    reached(cast, KASI)
    given(cast, STAF, THURSDAY)
    given(cast, KASI, THURSDAY)
    away(cast, STAF, STAF, None, 12, 13)
    with cast.database.transaction(EVERYWHERE) as session:
        leaves = update(Person).where(Person.account == KASI).values(closed_at=THURSDAY)
        session.execute(leaves)
    mail.ticks(THURSDAY)
    assert mail.came(THURSDAY + MINUTE) == []


def test_a_suspended_case_presses_nobody(cast: Cast, mail: Mail) -> None:
    reached(cast, KASUBBAG, **{**all_off(), "course": "at once"})
    case = start(cast)
    first_claim(cast)
    with cast.at_work(CAMAT) as (session, camat):
        steering.suspend(session, camat, case, "Menunggu kabupaten.", THURSDAY)
    mail.ticks(THURSDAY)
    assert mail.subjects(THURSDAY + MINUTE)[0].startswith("Alur: Jam kerja berkas dihentikan")


def first_claim(cast: Cast) -> None:
    with cast.at_work(KASUBBAG) as (session, actor):
        [item] = lists.page(session, actor, "team", THURSDAY).items
        inbox.claim(session, actor, item.task.id, THURSDAY)


# --- the morning ---------------------------------------------------------------------------------


def test_the_morning_digest_counts_and_names_what_presses_most(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    for title in ("Pertama", "Kedua", "Ketiga"):
        start(cast, title, THURSDAY)
    for _ in range(3):
        first(cast, KASUBBAG, THURSDAY + 2 * MINUTE)
    assert mail.came(THURSDAY + MINUTE) == []  # waiting goes with the digest
    assert mail.came(at(13, 7, 59)) == []
    [letter] = mail.came(at(13, 8))
    assert letter["Subject"] == "Alur pagi ini: 3 menunggu, 3 lewat tenggat"
    said = text(letter)
    assert "3 langkah menunggu Anda, 3 di antaranya lewat tenggat." in said
    assert "Kabar sejak ringkasan terakhir: Lewat tenggat: 3; Menunggu jabatan Anda: 3." in said
    assert "Pertama" not in said
    for later in (at(13, 8, 1), at(13, 12), at(14, 9), at(16, 7, 59)):
        assert mail.came(later) == []
    [monday] = mail.came(at(16, 8, 3))
    assert monday["Message-ID"] != letter["Message-ID"]
    assert "Kabar sejak" not in text(monday)


def first(cast: Cast, account: str, now: datetime) -> None:
    with cast.at_work(account, now) as (session, actor):
        item = lists.page(session, actor, "inbox", now).items[0]
        inbox.claim(session, actor, item.task.id, now)
        inbox.complete(session, actor, item.task.id, now)


def test_of_two_clocks_one_opens_the_morning(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    for _ in range(3):
        mail.ticks(at(13, 8))
    assert len(mail.post.letters) == 1
    change(cast, STAF, digest_at=at(13, 8))  # as if its opening had been lost
    assert mail.came(at(13, 8)) == []
