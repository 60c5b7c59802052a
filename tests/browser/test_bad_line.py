"""A signal that comes and goes: a completion arrives once, and nothing typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.officer import Officer
from tests.browser.watch import Watch

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
AGAIN = "Belum terkirim, dicoba lagi"
KEPT_HERE = "Jaringan terputus: isian tersimpan di perangkat ini"


@pytest.fixture
def kasubbag(officer: Callable[..., Officer], watch: Watch) -> Officer:
    """She has step 1 in hand, on a line that will be cut."""
    watch.line_is_cut = True
    kasubbag = officer("kasubbag.gambut")
    kasubbag.starts("Data kinerja triwulan I")
    kasubbag.takes(STEP)
    return kasubbag


def note(who: Officer) -> str:
    return who.page.get_by_label("Catatan").input_value()


def on_the_device(who: Officer) -> int:
    """How many drafts this browser keeps."""
    names = "Object.keys(localStorage).filter((name) => name.startsWith('alur.draft.')).length"
    return int(who.page.evaluate(names))


def completions(who: Officer) -> int:
    return who.site.history(1).count("completed")


def test_a_line_that_is_cut_before_the_completion_left_sends_it_when_it_is_back(
    kasubbag: Officer,
) -> None:
    kasubbag.page.get_by_label("Catatan").fill("Sudah dirumuskan")
    kasubbag.context.set_offline(True)
    kasubbag.presses("Selesai")
    kasubbag.reads(AGAIN)
    assert completions(kasubbag) == 0
    kasubbag.context.set_offline(False)
    kasubbag.reads("Langkah selesai.")
    assert completions(kasubbag) == 1
    assert on_the_device(kasubbag) == 0


def test_a_line_that_is_cut_before_the_answer_came_ends_in_one_completion(
    kasubbag: Officer,
) -> None:
    """The server has done it, and nobody heard."""
    sent: list[str] = []

    def swallow(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) < 3:
            assert route.fetch().status == 200
            route.abort()
        else:
            route.continue_()

    kasubbag.page.route("**/completion", swallow)
    kasubbag.page.get_by_label("Catatan").fill("Sekali saja")
    kasubbag.presses("Selesai")
    kasubbag.reads(AGAIN)
    assert completions(kasubbag) == 1
    kasubbag.presses("Coba sekarang")
    kasubbag.reads(AGAIN)
    kasubbag.presses("Coba sekarang")
    kasubbag.reads("Langkah selesai.")
    assert len(sent) == 3
    assert completions(kasubbag) == 1


def test_a_server_that_restarts_is_waited_for(kasubbag: Officer) -> None:
    answers = [503, 502]

    def restarting(route: Route) -> None:
        if answers:
            route.fulfill(status=answers.pop(), body="")
        else:
            route.continue_()

    kasubbag.page.route("**/completion", restarting)
    kasubbag.presses("Selesai")
    for _ in range(2):
        kasubbag.reads(AGAIN)
        kasubbag.presses("Coba sekarang")
    kasubbag.reads("Langkah selesai.")


def test_she_may_change_it_first(kasubbag: Officer) -> None:
    kasubbag.page.get_by_label("Catatan").fill("Lama")
    kasubbag.context.set_offline(True)
    kasubbag.presses("Selesai")
    kasubbag.presses("Ubah dahulu")
    expect(kasubbag.page.get_by_text(AGAIN)).to_be_hidden()
    kasubbag.page.get_by_label("Catatan").fill("Baru")
    kasubbag.context.set_offline(False)
    kasubbag.presses("Selesai")
    kasubbag.reads("Langkah selesai.")
    kasubbag.opens("/cases/1")
    expect(kasubbag.page.locator(".timeline")).to_contain_text("“Baru”")


def test_what_is_typed_off_line_stays_on_the_device_until_the_server_has_it(
    kasubbag: Officer,
) -> None:
    kasubbag.context.set_offline(True)
    kasubbag.page.get_by_label("Catatan").fill("Diketik di luar jangkauan")
    kasubbag.page.get_by_label("Agenda perencanaan").check()
    kasubbag.reads(KEPT_HERE)
    assert on_the_device(kasubbag) == 1
    kasubbag.context.set_offline(False)
    kasubbag.reads("Tersimpan sementara")
    assert on_the_device(kasubbag) == 0


def test_what_is_typed_off_line_survives_a_reload(kasubbag: Officer) -> None:
    kasubbag.context.set_offline(True)
    kasubbag.page.get_by_label("Catatan").fill("Diketik di luar jangkauan")
    kasubbag.page.get_by_label("Agenda perencanaan").check()
    kasubbag.reads(KEPT_HERE)
    place = kasubbag.page.url
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        kasubbag.page.reload()
    kasubbag.context.set_offline(False)
    kasubbag.page.goto(place)
    kasubbag.reads("Isian Anda yang belum terkirim ada di bawah.")
    assert note(kasubbag) == "Diketik di luar jangkauan"
    expect(kasubbag.page.get_by_label("Agenda perencanaan")).to_be_checked()
    assert on_the_device(kasubbag) == 0


def test_another_person_at_this_desk_finds_nothing_of_hers(kasubbag: Officer) -> None:
    kasubbag.context.set_offline(True)
    kasubbag.page.get_by_label("Catatan").fill("Rahasia")
    kasubbag.reads(KEPT_HERE)
    assert on_the_device(kasubbag) == 1
    kasubbag.context.set_offline(False)
    kasubbag.page.route("**/draft", lambda route: route.abort())
    kasubbag.keeps("alur", kasubbag.site.ticket("staf.gambut"))
    kasubbag.opens("/")
    kasubbag.reads("Budi Santoso")
    assert on_the_device(kasubbag) == 0


def test_signing_out_asks_before_it_forgets(kasubbag: Officer) -> None:
    asked: list[str] = []

    def answers(yes: bool) -> None:
        kasubbag.page.once(
            "dialog", lambda it: (asked.append(it.message), it.accept() if yes else it.dismiss())
        )

    kasubbag.page.route("**/draft", lambda route: route.abort())
    kasubbag.page.get_by_label("Catatan").fill("Belum sampai")
    kasubbag.reads(KEPT_HERE)
    answers(yes=False)
    kasubbag.presses("Keluar")
    assert note(kasubbag) == "Belum sampai"
    assert on_the_device(kasubbag) == 1
    answers(yes=True)
    kasubbag.presses("Keluar")
    kasubbag.reads("Anda sudah keluar.")
    assert on_the_device(kasubbag) == 0
    assert len(asked) == 2


def test_after_a_week_the_device_forgets(kasubbag: Officer) -> None:
    kept = "{at: Date.now() - 8 * 24 * 3600e3, fields: {reason: 'lama'}}"
    name = "`alur.draft.${document.body.dataset.person}.${location.pathname}`"
    kasubbag.page.evaluate(f"localStorage.setItem({name}, JSON.stringify({kept}))")
    kasubbag.page.reload()
    assert note(kasubbag) == ""
    assert on_the_device(kasubbag) == 0
