"""Twin of engine/sops.py, sopbook.py and uploads.py: publishing, and two designers at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import bpmn.xml
from bpmn import library
from engine import cases, sopbook, sops, uploads
from engine.access import Forbidden
from engine.db import EVERYWHERE, Database
from engine.models import Office, Revision, Sop
from tests.conftest import THURSDAY, Cast

SLUG = "pengumpulan-dan-pengukuran-data-kinerja"
GAMBUT = library.load(f"gambut/{SLUG}")
DESIGNER = "perancang.gambut"


def edited(minutes: int) -> bytes:
    """Gambut's diagram with another time for its first step."""
    return GAMBUT.replace(b"PT10M", f"PT{minutes}M".encode(), 1)


def gambut(session: Session) -> Office:
    return session.scalars(select(Office).where(Office.slug == "gambut")).one()


def publish(cast: Cast, minutes: int, over: int | None, slug: str = SLUG) -> int:
    with cast.at_work(DESIGNER) as (session, actor):
        xml = edited(minutes)
        return sops.publish(session, actor, gambut(session), slug, xml, THURSDAY, over=over).number


def test_a_revision_follows_the_one_it_was_compared_with(cast: Cast) -> None:
    assert publish(cast, 20, over=1) == 2
    assert publish(cast, 30, over=2) == 3
    with cast.at_work(DESIGNER) as (session, actor):
        shown = sopbook.view(session, actor, "gambut", SLUG)
        assert [(line.revision.number, line.in_force) for line in shown.revisions] == [
            (3, True),
            (2, False),
            (1, False),
        ]


def test_whoever_compared_with_an_older_revision_is_told_who_was_first(cast: Cast) -> None:
    publish(cast, 20, over=1)
    with pytest.raises(sops.PublishedMeanwhile, match="Revisi 2 sudah diterbitkan") as refused:
        publish(cast, 30, over=1)
    assert refused.value.facts["who"] == cast(DESIGNER).name
    with cast.at_work(DESIGNER) as (session, actor):
        assert sopbook.view(session, actor, "gambut", SLUG).revision.number == 2


def test_what_is_in_force_already_is_not_published_again(cast: Cast) -> None:
    with pytest.raises(sops.Unchanged, match="revisi 1"):
        publish(cast, 10, over=1)


def test_a_new_sop_is_published_over_none(cast: Cast) -> None:
    assert publish(cast, 20, over=0, slug="surat-keluar") == 1
    with pytest.raises(sops.PublishedMeanwhile):
        publish(cast, 30, over=0, slug="surat-keluar")


def test_of_two_who_publish_at_once_one_wins(cast: Cast, database: Database) -> None:
    ready = Barrier(2)

    def try_to(minutes: int) -> str:
        ready.wait()
        try:
            return str(publish(cast, minutes, over=1))
        except sops.PublishedMeanwhile:
            return "too late"

    with ThreadPoolExecutor(2) as designers:
        assert sorted(designers.map(try_to, [20, 30])) == ["2", "too late"]
    with database.reading(EVERYWHERE) as session:
        sop = session.scalars(select(Sop).where(Sop.slug == SLUG)).one()
        numbers = session.scalars(select(Revision.number).where(Revision.sop_id == sop.id))
        assert sorted(numbers) == [1, 2]


def test_of_two_who_make_the_same_new_sop_one_wins(cast: Cast) -> None:
    ready = Barrier(2)

    def try_to(minutes: int) -> str:
        ready.wait()
        try:
            return str(publish(cast, minutes, over=0, slug="surat-keluar"))
        except sops.PublishedMeanwhile:
            return "too late"

    with ThreadPoolExecutor(2) as designers:
        assert sorted(designers.map(try_to, [20, 30])) == ["1", "too late"]


def test_running_cases_are_counted_on_the_revision_they_began_with(cast: Cast) -> None:
    def starts() -> None:
        with cast.at_work("kasubbag.gambut") as (session, actor):
            [(sop, _)] = sops.startable(session, actor)
            cases.start(session, actor, sop, "Data kinerja triwulan I", THURSDAY)

    starts()
    publish(cast, 20, over=1)
    starts()
    starts()
    with cast.at_work("camat.gambut") as (session, actor):
        shown = sopbook.view(session, actor, "gambut", SLUG)
        assert {line.revision.number: line.running for line in shown.revisions} == {2: 2, 1: 1}
        assert shown.running == 3
        [row] = sopbook.page(session, actor).items
        assert row.running == 3


def test_the_list_goes_on_after_the_last_row_of_the_page(cast: Cast) -> None:
    with cast.at_work("admin") as (session, actor):
        seen, after = [], None
        while True:
            page = sopbook.page(session, actor, after=after, limit=2)
            assert page.count == 7
            seen += [(row.office.name, row.sop.name) for row in page.items]
            if (after := page.next) is None:
                break
        assert len(seen) == 7
        assert seen == sorted(seen)


def test_nobody_finds_another_office_s_sop(cast: Cast) -> None:
    with cast.at_work("camat.sumbang") as (session, actor):
        with pytest.raises(sops.NoSuchSop):
            sopbook.view(session, actor, "gambut", SLUG)
        with pytest.raises(sops.NoSuchSop):
            sopbook.diagram(session, actor, "gambut", SLUG, 1)
        assert sopbook.page(session, actor, search="Gambut").count == 0


# --- uploads ---------------------------------------------------------------------------------


def keep(cast: Cast, who: str, xml: bytes, filename: str = "sop.bpmn") -> None:
    with cast.at_work(who) as (session, actor):
        uploads.keep(session, actor, gambut(session), SLUG, filename, xml, THURSDAY)


def test_an_upload_waits_for_its_designer_until_the_next_one(cast: Cast) -> None:
    keep(cast, DESIGNER, edited(20))
    keep(cast, DESIGNER, edited(30), "lagi.bpmn")
    with cast.at_work(DESIGNER) as (session, actor):
        found = uploads.get(session, actor, gambut(session), SLUG)
        assert (found.filename, found.xml) == ("lagi.bpmn", edited(30))
        uploads.drop(session, actor, gambut(session), SLUG)
    with cast.at_work(DESIGNER) as (session, actor), pytest.raises(uploads.NoUpload):
        uploads.get(session, actor, gambut(session), SLUG)


def test_only_designers_of_the_office_upload(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        keep(cast, "camat.gambut", edited(20))


@pytest.mark.parametrize(
    ("filename", "content", "error"),
    [
        ("", b"", uploads.NoFile),
        ("kosong.bpmn", b"", bpmn.xml.Empty),
        ("foto.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", uploads.WrongKind),
        ("surat.docx", b"PK\x03\x04\x14\0\x06\0", uploads.WrongKind),
        ("catatan.txt", b"Dengan hormat", bpmn.xml.NotXml),
        ("halaman.html", b"<html></html>", bpmn.xml.NotBpmn),
        ("besar.bpmn", b"<a>" + b" " * bpmn.xml.LARGEST, bpmn.xml.TooLarge),
        ("bom.bpmn", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", bpmn.xml.HasDoctype),
    ],
)
def test_what_is_no_diagram_is_not_kept(
    filename: str, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        uploads.check(filename, content)


def test_a_diagram_in_utf_16_is_one() -> None:
    text = GAMBUT.decode().replace("UTF-8", "UTF-16", 1)
    uploads.check("sop.bpmn", text.encode("utf-16"))
