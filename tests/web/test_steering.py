"""The camat's own page of a case: suspend, resume, move, cancel, each with a reason."""

from collections.abc import Callable

from tests.web.conftest import Clock, Office, Visitor, seen

KASUBBAG = "kasubbag.gambut"


def test_a_leader_suspends_and_resumes_and_the_history_says_why(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    case = office.starts()
    camat = visitor("camat.gambut")
    assert "Kendalikan berkas" in seen(camat.opens(f"/cases/{case}"))
    answer = camat.sends(f"/cases/{case}/suspension", reason="Menunggu data kabupaten")
    assert answer.status_code == 303
    clock.passes(minutes=30)
    page = seen(camat.opens(f"/cases/{case}/steering"))
    assert "Lanjutkan berkas" in page
    assert "Tangguhkan berkas" not in page
    camat.sends(f"/cases/{case}/resumption", reason="Data sudah tiba")
    page = seen(camat.opens(f"/cases/{case}"))
    assert "“Menunggu data kabupaten”" in page
    assert "“Data sudah tiba”" in page


def test_a_missing_reason_is_told_by_its_field_and_the_choice_is_kept(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    case = office.starts()
    task = str(office.waiting("kasubbag.gambut", case))
    camat = visitor("camat.gambut")
    answer = camat.sends(f"/cases/{case}/move", task=task, step="Langkah_5", reason=" ")
    assert answer.status_code == 422
    assert 'id="reason-move-salah"' in answer.text
    assert '<option value="Langkah_5" selected>' in answer.text


def test_a_case_is_moved_and_cancelled(visitor: Callable[[str], Visitor], office: Office) -> None:
    case = office.starts()
    task = str(office.waiting("kasubbag.gambut", case))
    camat = visitor("camat.gambut")
    moved = camat.sends(f"/cases/{case}/move", task=task, step="Langkah_5", reason="Surat ada")
    assert moved.status_code == 303
    assert "Menomori" in seen(visitor("staf.gambut").opens("/"))
    camat.sends(f"/cases/{case}/cancellation", reason="Salah triwulan")
    assert "Menomori" not in seen(visitor("staf.gambut").opens("/"))
    assert "tidak ada lagi yang dapat dikendalikan" in seen(camat.opens(f"/cases/{case}/steering"))


def test_nonsense_ends_in_a_sentence(visitor: Callable[[str], Visitor], office: Office) -> None:
    case = office.starts()
    camat = visitor("camat.gambut")
    for task, step in (("x", "Langkah_5"), ("9" * 30, "Langkah_5"), ("1", "../..")):
        answer = camat.sends(f"/cases/{case}/move", task=task, step=step, reason="Coba")
        assert answer.status_code in (409, 422)
    assert camat.sends(f"/cases/{case}/resumption", reason="Coba").status_code == 409


def test_what_is_urgent_is_marked_wherever_it_waits(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    first = office.starts("Yang pertama")
    clock.passes(minutes=1)
    second = office.starts("Yang mendesak")
    camat, aulia = visitor("camat.gambut"), visitor("kasubbag.gambut")
    assert "segera" not in seen(aulia.opens("/"))
    told = camat.sends(f"/cases/{second}/priority", priority="2", reason="Diminta bupati.")
    assert told.status_code == 303
    page = seen(aulia.opens("/"))
    assert page.index("sangat segera") < page.index("Yang mendesak") < page.index("Yang pertama")
    assert "sangat segera" in seen(aulia.opens(f"/tasks/{office.waiting(KASUBBAG, second)}"))
    page = seen(camat.opens(f"/cases/{second}"))
    assert "Sifat berkas diubah Rahmadi Syahputra, Camat biasa → sangat segera" in page
    assert "“Diminta bupati.”" in page
    assert "sangat segera" in seen(camat.opens("/cases"))
    camat.sends(f"/cases/{second}/cancellation", reason="Sudah tidak perlu.")
    assert "sangat segera" not in seen(camat.opens("/cases"))
    assert camat.sends(f"/cases/{first}/priority", priority="1", reason="x").status_code == 303


def test_a_priority_that_is_none_is_told_by_its_field(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    case = office.starts()
    camat = visitor("camat.gambut")
    for chosen in ("", "3", "-1", "²", "9" * 40, "segera", "0"):
        answer = camat.sends(f"/cases/{case}/priority", priority=chosen, reason="Diminta bupati.")
        assert answer.status_code in (409, 422)
        assert 'id="priority-priority-salah"' in answer.text
        assert "Diminta bupati." in answer.text
