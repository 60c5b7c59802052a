"""Twin of web/comments.py: said on a case's pages, read there, soon taken back."""

from collections.abc import Callable

import pytest

from tests.web.conftest import Clock, Office, Visitor, seen

AULIA, BUDI, CAMAT = "kasubbag.gambut", "staf.gambut", "camat.gambut"


@pytest.fixture
def case(office: Office) -> int:
    return office.starts()


def test_a_comment_stands_on_the_pages_of_the_case_and_of_its_step(
    visitor: Callable[[str], Visitor], office: Office, case: int
) -> None:
    task = office.claims(AULIA, case)
    aulia = visitor(AULIA)
    sent = aulia.sends(f"/cases/{case}/comments", comment="@Budi Santoso, surat?", task=str(task))
    assert sent.location == f"/tasks/{task}#komentar"
    for path in (f"/tasks/{task}", f"/cases/{case}", f"/cases/{case}/comments"):
        page = visitor(BUDI).opens(path)
        assert '<strong class="mention">@Budi Santoso</strong>, surat?' in page.text
        assert "Aulia Rahmah hari ini 09.00 WITA · Merumuskan pengumpulan data" in seen(page)
    assert "Komentar (1)" in seen(visitor(CAMAT).opens(f"/cases/{case}"))


def test_whoever_may_not_see_the_tasks_sees_no_comments(
    visitor: Callable[[str], Visitor], case: int
) -> None:
    visitor(AULIA).sends(f"/cases/{case}/comments", comment="Antara kita")
    assert "Antara kita" not in seen(visitor("perancang.gambut").opens(f"/cases/{case}"))
    assert visitor("staf.sumbang").opens(f"/cases/{case}/comments").status_code == 404


def test_an_empty_or_endless_comment_is_told_by_its_field_and_kept(
    visitor: Callable[[str], Visitor], case: int
) -> None:
    aulia = visitor(AULIA)
    empty = aulia.sends(f"/cases/{case}/comments", comment="  ")
    assert empty.status_code == 422
    assert 'href="#comment">Tulis dahulu komentarnya.' in empty.text
    long = "panjang " * 300
    answer = aulia.sends(f"/cases/{case}/comments", comment=long, task="1")
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert '<input type="hidden" name="task" value="1">' in answer.text


def test_pressed_twice_it_is_said_once(visitor: Callable[[str], Visitor], case: int) -> None:
    aulia = visitor(AULIA)
    for _ in range(2):
        sent = aulia.sends(f"/cases/{case}/comments", comment="Sekali", once="kunci")
        assert sent.location == f"/cases/{case}#komentar"
    assert "Komentar (1)" in seen(aulia.opens(f"/cases/{case}"))
    # Gone back to with the browser and changed, it is another.
    aulia.sends(f"/cases/{case}/comments", comment="Sekali lagi", once="kunci")
    assert "Komentar (2)" in seen(aulia.opens(f"/cases/{case}"))


def test_her_own_is_taken_back_for_a_while_and_leaves_its_mark(
    visitor: Callable[[str], Visitor], case: int, clock: Clock
) -> None:
    aulia, budi = visitor(AULIA), visitor(BUDI)
    aulia.sends(f"/cases/{case}/comments", comment="Salah kirim")
    assert "/comments/1/removal" in aulia.opens(f"/cases/{case}").text
    assert "/comments/1/removal" not in budi.opens(f"/cases/{case}").text
    assert budi.sends("/comments/1/removal").status_code == 409
    assert aulia.sends("/comments/1/removal").location == f"/cases/{case}#komentar"
    page = seen(budi.opens(f"/cases/{case}"))
    assert "Komentar ini dihapus oleh penulisnya." in page
    assert "Salah kirim" not in page
    aulia.sends(f"/cases/{case}/comments", comment="Yang ini tetap")
    clock.passes(minutes=15)
    assert "/comments/2/removal" not in aulia.opens(f"/cases/{case}").text
    assert aulia.sends("/comments/2/removal").status_code == 409


def test_many_comments_have_pages_of_their_own(
    visitor: Callable[[str], Visitor], case: int
) -> None:
    aulia = visitor(AULIA)
    for number in range(25):
        aulia.sends(f"/cases/{case}/comments", comment=f"Komentar ke-{number}")
    page = aulia.opens(f"/cases/{case}")
    assert "Semua 25 komentar" in seen(page)
    assert "Komentar ke-20" in seen(page)
    assert "Komentar ke-19" not in seen(page)
    first = aulia.opens(f"/cases/{case}/comments")
    assert "25 komentar, yang terbaru di atas" in seen(first)
    after = first.text.split("after=")[1].split('"')[0]
    rest = seen(aulia.opens(f"/cases/{case}/comments?after={after}"))
    assert "Komentar ke-4 " in rest
    assert "Komentar ke-5 " not in rest
    assert aulia.opens(f"/cases/{case}/comments?after=xyz").status_code == 422


def test_a_script_is_told_who_may_be_called(visitor: Callable[[str], Visitor], case: int) -> None:
    people = visitor(AULIA).opens(f"/cases/{case}/people").json
    assert {"name": "Budi Santoso", "written": "Budi Santoso", "posts": "Pelaksana"} in people
    assert "Aulia Rahmah" not in [each["name"] for each in people]


def test_markup_is_text(visitor: Callable[[str], Visitor], case: int) -> None:
    aulia = visitor(AULIA)
    aulia.sends(f"/cases/{case}/comments", comment="<script>x</script> @Budi Santoso<b>")
    page = aulia.opens(f"/cases/{case}").text
    assert "<script>x" not in page
    assert "@Budi Santoso</strong>&lt;b&gt;" in page
