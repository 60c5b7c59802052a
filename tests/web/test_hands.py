"""Twin of web/hands.py: delegated and given back, handed over, assigned, put back, by forms."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine import steering
from engine.db import EVERYWHERE, Database
from engine.models import Draft, Holder, Person, Post, Task
from engine.models import Office as Kantor
from tests.conftest import THURSDAY
from tests.web.conftest import Office, Visitor, seen

AULIA, BUDI, CAMAT, HENDRA = "kasubbag.gambut", "staf.gambut", "camat.gambut", "kasi.gambut"
PAGE = "halaman-1"


@pytest.fixture
def task(office: Office) -> int:
    """The kasubbag has step 1 on her desk."""
    return office.claims(AULIA, office.starts())


@pytest.fixture
def citra(database: Database) -> str:
    """A second holder of the kasubbag's post."""
    with database.transaction(EVERYWHERE) as session:
        held = session.scalars(
            select(Post)
            .join(Kantor)
            .where(Kantor.slug == "gambut", Post.slug == "kasubbag-perencanaan-keuangan")
        ).one()
        person = Person(account="kasubbag2.gambut", name="Citra Lestari", password_hash="-")
        session.add(person)
        session.flush()
        session.add(
            Holder(
                office_id=held.office_id,
                post_id=held.id,
                person_id=person.id,
                starts_on=THURSDAY.date(),
            )
        )
    return "kasubbag2.gambut"


def number(database: Database, account: str) -> str:
    with database.reading(EVERYWHERE) as session:
        return str(session.scalars(select(Person.id).where(Person.account == account)).one())


def holder(database: Database, task: int) -> int | None:
    with database.reading(EVERYWHERE) as session:
        return session.get_one(Task, task).claimed_by


def chosen(page: str) -> list[str]:
    """Whom the page offers."""
    return re.findall(r'<option value="\d+"[^>]*>([^<–]+?) [–(]', page)


def test_only_who_can_pass_it_on_is_offered_so(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    assert "Alihkan…" in seen(visitor(AULIA).opens(f"/tasks/{task}"))
    assert "Alihkan tugas" in seen(visitor(CAMAT).opens(f"/tasks/{task}"))
    assert "Alihkan" not in seen(visitor(HENDRA).opens(f"/tasks/{task}"))
    page = seen(visitor(HENDRA).opens(f"/tasks/{task}/hands"))
    assert "Tugas ini tidak dapat Anda alihkan." in page
    office.does(CAMAT, steering.suspend, 1, "Menunggu tim")
    for account in (AULIA, CAMAT):
        assert "Alihkan" not in seen(visitor(account).opens(f"/tasks/{task}"))


def test_she_asks_a_colleague_who_prepares_it_and_gives_it_back(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia, budi = visitor(AULIA), visitor(BUDI)
    page = aulia.opens(f"/tasks/{task}/hands").text
    assert "Budi Santoso" in chosen(page)
    assert "Aulia Rahmah" not in chosen(page)
    assert "Serahkan kepada sesama" not in page
    sent = aulia.sends(
        f"/tasks/{task}/delegation",
        to_person=number(database, BUDI),
        note="Tolong siapkan suratnya.",
        check="1",
    )
    assert sent.location == "/"
    page = seen(budi.opens(f"/tasks/{task}"))
    assert "Didelegasikan oleh Aulia Rahmah" in page
    assert "“Tolong siapkan suratnya.”" in page
    assert "Kembalikan kepada Aulia Rahmah" in page
    assert "Lepas tugas" not in page
    assert ">Selesai<" not in budi.opens(f"/tasks/{task}").text
    page = seen(aulia.opens(f"/tasks/{task}"))
    assert "Anda mendelegasikan tugas ini kepada Budi Santoso" in page
    back = budi.sends(
        f"/tasks/{task}/delegation/return",
        f="1",
        page=PAGE,
        reason="Surat nomor 12",
        note="Mohon diperiksa.",
    )
    assert back.location == "/"
    page = aulia.opens(f"/tasks/{task}")
    assert "Dikembalikan oleh Budi Santoso" in seen(page)
    assert "“Mohon diperiksa.”" in seen(page)
    assert "Surat nomor 12</textarea>" in page.text
    assert aulia.sends(f"/tasks/{task}/completion").status_code == 303


def test_her_half_written_form_goes_with_it(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia = visitor(AULIA)
    place = aulia.sends(f"/tasks/{task}/draft", f="1", reason="Sudah setengah", do="hands")
    assert place.location == f"/tasks/{task}/hands"
    aulia.sends(f"/tasks/{task}/delegation", to_person=number(database, BUDI), check="0")
    page = visitor(BUDI).opens(f"/tasks/{task}")
    assert "Sudah setengah</textarea>" in page.text
    assert "Lepas tugas" not in page.text
    assert ">Selesai<" in page.text


def test_she_takes_it_back_with_what_he_typed(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia, budi = visitor(AULIA), visitor(BUDI)
    aulia.sends(f"/tasks/{task}/delegation", to_person=number(database, BUDI), check="0")
    budi.sends(f"/tasks/{task}/draft", f="1", page=PAGE, reason="Baru setengah")
    assert aulia.sends(f"/tasks/{task}/delegation/recall").location == f"/tasks/{task}"
    assert "Baru setengah</textarea>" in aulia.opens(f"/tasks/{task}").text
    again = aulia.sends(f"/tasks/{task}/delegation/recall")
    assert again.status_code == 409
    late = budi.sends(f"/tasks/{task}/completion", f="1", page=PAGE, reason="Jadi, lengkap")
    assert late.status_code == 403
    assert "Jadi, lengkap" in seen(late)


def test_another_holder_of_the_post_takes_over(
    visitor: Callable[[str], Visitor], database: Database, task: int, citra: str
) -> None:
    aulia = visitor(AULIA)
    page = seen(aulia.opens(f"/tasks/{task}/hands"))
    assert "Serahkan kepada sesama pemegang jabatan" in page
    aulia.sends(f"/tasks/{task}/handover", to_person=number(database, citra), note="Dinas luar")
    assert holder(database, task) == int(number(database, citra))
    page = seen(aulia.opens("/cases/1"))
    assert "Langkah diserahkan kepada sesama pemegang jabatan" in page
    assert "“Dinas luar”" in page


def test_a_leader_decides_who_does_it_and_says_why(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    camat, budi = visitor(CAMAT), number(database, BUDI)
    page = seen(camat.opens(f"/tasks/{task}/hands"))
    assert "Sekarang dikerjakan Aulia Rahmah" in page
    silent = camat.sends(f"/tasks/{task}/assignee", to_person=budi, note=" ")
    assert silent.status_code == 422
    assert 'href="#note-assignee"' in silent.text
    assert f'<option value="{budi}" selected>' in silent.text
    camat.sends(f"/tasks/{task}/assignee", to_person=budi, note="Aulia sakit")
    page = seen(visitor(BUDI).opens(f"/tasks/{task}"))
    assert "Ditugaskan oleh Rahmadi Syahputra" in page
    assert "“Aulia sakit”" in page
    assert "Lepas tugas" in page
    back = camat.sends(f"/tasks/{task}/assignee/removal", note="Aulia sudah sembuh")
    assert back.location == f"/tasks/{task}"
    assert holder(database, task) is None
    again = camat.sends(f"/tasks/{task}/assignee/removal", note="Sekali lagi")
    assert again.status_code == 409


def test_a_leader_may_take_it_herself(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    camat = visitor(CAMAT)
    page = camat.opens(f"/tasks/{task}/hands").text
    assert "Rahmadi Syahputra" in chosen(page)
    me = number(database, CAMAT)
    camat.sends(f"/tasks/{task}/assignee", to_person=me, note="Saya kerjakan sendiri")
    assert holder(database, task) == int(me)


@pytest.mark.parametrize("verb", ["delegation", "handover"])
@pytest.mark.parametrize("to", ["", "x", "-1", "9" * 30, "999999"])
def test_nobody_chosen_is_told_by_the_field(
    visitor: Callable[[str], Visitor], task: int, verb: str, to: str
) -> None:
    answer = visitor(AULIA).sends(f"/tasks/{task}/{verb}", to_person=to, note="Catatan saya")
    assert answer.status_code == 422
    assert f'id="to-{verb}-salah"' in answer.text or verb == "handover"
    assert "Pilih seorang pegawai kantor ini" in seen(answer)


def test_a_novel_is_told_by_its_field(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    answer = visitor(AULIA).sends(
        f"/tasks/{task}/delegation", to_person=number(database, BUDI), note="x" * 1_001
    )
    assert answer.status_code == 422
    assert 'id="note-delegation-salah"' in answer.text


def test_what_was_typed_elsewhere_meanwhile_is_not_lost_in_giving_it_back(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    visitor(AULIA).sends(f"/tasks/{task}/delegation", to_person=number(database, BUDI), check="1")
    budi = visitor(BUDI)
    budi.sends(f"/tasks/{task}/draft", f="1", page="di-meja-1", reason="Dari meja")
    back = budi.sends(
        f"/tasks/{task}/delegation/return", f="1", page="telepon-1", base="", reason="Dari telepon"
    )
    assert back.status_code == 409
    assert "Dari meja" in seen(back)
    assert "Dari telepon" in back.text
    assert holder(database, task) == int(number(database, BUDI))
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft)).one().fields["reason"] == "Dari meja"
