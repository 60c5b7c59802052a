"""Twin of web/versions.py: whoever comes too late, or from two desks, sees both and loses none."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine import steering
from engine.db import EVERYWHERE, Database
from engine.models import Draft, Event, Task
from tasks import assigning, inbox
from tests.fillings import ROW
from tests.web.conftest import Clock, Office, Visitor, seen
from tests.web.test_forms import PMD, typed

AULIA, BUDI, CAMAT, SEKCAM = (f"{post}.gambut" for post in ("kasubbag", "staf", "camat", "sekcam"))
DESK, PHONE = "di-meja-1", "telepon-1"


@pytest.fixture
def task(office: Office) -> int:
    return office.claims(AULIA, office.starts())


def drafts_of(database: Database) -> list[dict[str, str]]:
    with database.reading(EVERYWHERE) as session:
        return [draft.fields for draft in session.scalars(select(Draft))]


def completed(database: Database) -> int:
    with database.reading(EVERYWHERE) as session:
        kinds = session.scalars(select(Event.kind)).all()
        return kinds.count("completed")


# --- the same request again ------------------------------------------------------------------


def test_a_completion_that_comes_again_is_answered_as_it_was_and_done_once(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia = visitor(AULIA)
    sent = {"f": "1", "once": "kunci-satu", "page": DESK, "base": "", "reason": "Selesai"}
    for _ in range(3):
        answer = aulia.sends(f"/tasks/{task}/completion", **sent)
        assert (answer.status_code, answer.location) == (303, "/")
    assert completed(database) == 1
    asked = {"Accept": "application/json"}
    answer = aulia.sends(f"/tasks/{task}/completion", headers=asked, **sent)
    assert answer.json == {"next": "/"}
    assert "Langkah selesai." in seen(aulia.opens("/"))


def test_the_same_key_with_other_words_is_another_request(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia = visitor(AULIA)
    sent = {"f": "1", "once": "kunci-satu", "page": DESK, "base": ""}
    aulia.sends(f"/tasks/{task}/completion", **sent, reason="Pertama")
    answer = aulia.sends(f"/tasks/{task}/completion", **sent, reason="Diubah sesudah terkirim")
    assert answer.status_code == 409
    assert "Tidak ada yang tercatat dua kali." in seen(answer)
    page = " ".join(seen(answer).split())
    assert "Pertama Diubah sesudah terkirim" in page
    assert drafts_of(database) == [{"f": "1", "reason": "Diubah sesudah terkirim"}]


def test_a_key_of_somebody_else_answers_nothing(
    visitor: Callable[[str], Visitor], database: Database, task: int, office: Office
) -> None:
    sent = {"f": "1", "once": "kunci-satu", "page": DESK, "reason": "Selesai"}
    visitor(AULIA).sends(f"/tasks/{task}/completion", **sent)
    assert visitor(CAMAT).sends(f"/tasks/{task}/completion", **sent).status_code == 403
    with database.reading(EVERYWHERE) as session:
        assert session.get_one(Task, task).ended_by is not None


@pytest.mark.parametrize("once", ["", "x" * 41])
def test_a_key_that_no_page_makes_is_none(
    visitor: Callable[[str], Visitor], database: Database, task: int, once: str
) -> None:
    aulia = visitor(AULIA)
    assert aulia.sends(f"/tasks/{task}/completion", once=once).status_code == 303
    assert aulia.sends(f"/tasks/{task}/completion", once=once).status_code == 409
    with database.reading(EVERYWHERE) as session:
        assert session.get_one(Task, task).sent_as is None


# --- too late --------------------------------------------------------------------------------


def test_who_comes_after_another_sees_what_stands_there_and_what_she_typed(
    visitor: Callable[[str], Visitor], office: Office, database: Database
) -> None:
    """The camat gives the unit's step to another while it is being filled in, who finishes it."""
    case = office.starts("Data kinerja triwulan I", "sekcam.bukit-batu")
    office.completes("sekcam.bukit-batu", case)
    task = office.claims(PMD, case)
    with database.transaction(EVERYWHERE) as session:
        leader, other = (
            office._actor(session, who) for who in ("camat.bukit-batu", "sekcam.bukit-batu")
        )
        now = office.clock()
        assigning.assign(session, leader, task, other.person_id or 0, "Segera", now)
        data = {"kinerja": [ROW]}
        inbox.complete(session, other, task, now, reason="Dari saya", data=data)
    mine = {**ROW, "realisasi": "90", "keterangan": "Punya saya"}
    sent = typed(mine, ROW, reason="Dari PMD", page=DESK)
    officer = visitor(PMD)
    answer = officer.sends(f"/tasks/{task}/completion", **sent)
    assert answer.status_code == 409
    page = seen(answer)
    for told in (
        "Isian Anda tidak hilang",
        "Baris 1, Realisasi Triwulan 82,5 90",
        "Baris 1, Keterangan – Punya saya",
        "Baris 2, Indikator Kinerja – Indeks kepuasan masyarakat",
        "Catatan Dari saya Dari PMD",
        "7 isian lain sama.",
    ):
        assert told in page, page
    later = officer.opens(f"/tasks/{task}")
    assert "Anda masih menyimpan isian yang belum terkirim" in seen(later)
    assert "Punya saya" in seen(later)
    gone = officer.sends(f"/tasks/{task}/draft/removal")
    assert gone.status_code == 303
    assert "Punya saya" not in seen(officer.opens(f"/tasks/{task}"))


def test_a_script_hears_in_place_that_it_is_no_longer_hers_and_the_draft_is_kept(
    visitor: Callable[[str], Visitor], office: Office, database: Database, task: int
) -> None:
    office.does(CAMAT, assigning.unassign, task, "Terlalu lama")
    answer = visitor(AULIA).sends(
        f"/tasks/{task}/draft",
        headers={"Accept": "application/json"},
        f="1",
        page=DESK,
        reason="Baru saja saya ketik",
    )
    assert answer.status_code == 409
    assert answer.json == {
        "status": 409,
        "detail": "Ambil tugas ini dahulu, baru selesaikan.",
        "lost": True,
    }
    assert drafts_of(database) == [{"f": "1", "reason": "Baru saja saya ketik"}]


def test_a_withdrawn_step_keeps_what_was_typed(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    office.does(CAMAT, steering.cancel, 1, "Salah triwulan")
    aulia = visitor(AULIA)
    answer = aulia.sends(f"/tasks/{task}/completion", f="1", page=DESK, reason="Sudah lengkap")
    assert answer.status_code == 409
    assert "sudah ditarik" in seen(answer)
    assert "Yang tercatat" not in seen(answer)
    page = seen(aulia.opens(f"/tasks/{task}"))
    assert "Sudah lengkap" in page


def test_a_suspended_case_keeps_what_was_typed_for_when_it_goes_on(
    visitor: Callable[[str], Visitor], office: Office, database: Database, task: int
) -> None:
    office.does(CAMAT, steering.suspend, 1, "Menunggu tim")
    aulia = visitor(AULIA)
    answer = aulia.sends(f"/tasks/{task}/completion", f="1", page=DESK, reason="Sudah lengkap")
    assert answer.status_code == 409
    assert "sedang ditangguhkan" in seen(answer)
    office.does(CAMAT, steering.resume, 1, "Tim tiba")
    assert "Sudah lengkap</textarea>" in aulia.opens(f"/tasks/{task}").text


def test_who_never_had_the_form_keeps_nothing(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    answer = visitor(BUDI).sends(f"/tasks/{task}/completion", f="1", reason="Titip")
    assert answer.status_code == 403
    assert drafts_of(database) == []


# --- two desks -------------------------------------------------------------------------------


def test_typed_on_the_phone_and_at_the_desk_she_chooses(
    visitor: Callable[[str], Visitor], database: Database, task: int, clock: Clock
) -> None:
    aulia, draft = visitor(AULIA), f"/tasks/{task}/draft"
    aulia.sends(draft, f="1", page=PHONE, base="", reason="Dari telepon", **{"tick.1": "1"})
    clock.passes(minutes=1)
    answer = aulia.sends(draft, f="1", page=DESK, base="", reason="Dari meja")
    assert answer.status_code == 409
    page = seen(answer)
    assert "Agenda perencanaan tahunan/ pengumpulan data kinerja ada –" in page
    assert "Catatan Dari telepon Dari meja" in page
    assert drafts_of(database)[0]["reason"] == "Dari telepon"
    fields = dict(hidden(answer.text))
    chosen = aulia.sends(draft, **fields)
    assert chosen.location == f"/tasks/{task}?isi=1"
    assert drafts_of(database) == [{"f": "1", "reason": "Dari meja"}]


def hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return [(name, value) for name, value in found if name not in {"csrf_token", "to"}]


def test_nothing_old_is_completed_over_something_newer(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia = visitor(AULIA)
    aulia.sends(f"/tasks/{task}/draft", f="1", page=PHONE, reason="Baru, dari telepon")
    sent = {"f": "1", "page": DESK, "base": "", "once": "kunci", "reason": "Lama, dari meja"}
    answer = aulia.sends(f"/tasks/{task}/completion", **sent)
    assert answer.status_code == 409
    assert "Baru, dari telepon" in seen(answer)
    assert completed(database) == 0
    assert drafts_of(database) == [{"f": "1", "reason": "Baru, dari telepon"}]
    same = {**sent, "reason": "Baru, dari telepon"}
    assert aulia.sends(f"/tasks/{task}/completion", **same).status_code == 303


def test_markup_in_either_version_is_text(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia, draft = visitor(AULIA), f"/tasks/{task}/draft"
    aulia.sends(draft, f="1", page=PHONE, reason="<b>satu</b>")
    page = aulia.sends(draft, f="1", page=DESK, base="x", reason='"><script>x</script>').text
    assert "<b>satu" not in page
    assert "<script>x" not in page
