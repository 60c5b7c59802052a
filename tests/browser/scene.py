"""An office on an ordinary morning: a berkas in every state a page can show."""

from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from bpmn import library, reader
from engine import access, incidents, questions, sops, steering, tokens, uploads, webhooks
from engine.access import MACHINE
from engine.cases import CaseStuck
from engine.db import EVERYWHERE
from engine.models import Attempted, Case, Dispatch, Event, Office, Person, Sop, Task
from tasks import batches, comments, delegation, documents, inbox, sheets, starting
from tasks.batches import AccountClosed
from tests import questionnaire
from tests.browser import banjar, outside, sumbang
from tests.browser.server import Site

KASUBBAG, STAF, SEKCAM, CAMAT, KASI = (
    f"{post}.gambut" for post in ("kasubbag", "staf", "sekcam", "camat", "kasi")
)
NOBODY, PERANCANG = "", "perancang.gambut"
SOP = "pengumpulan-dan-pengukuran-data-kinerja"
LIST = "Unit\tTriwulan\nKasi PMD\tI\nKasi Tapem\tII\n\tII\nKasi Trantib\t4\nKasi PMD\tI"
REASON = "Nomor surat dan tanggalnya belum diisi."

# Whose page, and where; the names in braces are those of `furnish`.
PAGES = {
    "sign-in": (NOBODY, "/sign-in"),
    "inbox": (KASUBBAG, "/"),
    "inbox, late": (KASUBBAG, "/?view=overdue"),
    "inbox, done": (KASUBBAG, "/?view=done"),
    "inbox, found": (KASUBBAG, "/?search=maret"),
    "inbox, nothing found": (KASUBBAG, "/?search=xyz"),
    "inbox, empty": (KASI, "/"),
    "inbox of the office": (CAMAT, "/?view=office"),
    "inbox, narrowed": (CAMAT, "/?view=office&late=1&due_to=2026-02-30"),
    "inbox, mine": (CAMAT, "/?view=mine&order=opened"),
    "inbox, none late": (KASI, "/?view=overdue"),
    "inbox of an administrator": ("admin", "/"),
    "inbox of a designer": (PERANCANG, "/"),
    "task waiting": (KASUBBAG, "/tasks/{task_waiting}"),
    "task, mine": (KASUBBAG, "/tasks/{task_running}"),
    "task, somebody else's": (SEKCAM, "/tasks/{task_running}"),
    "task for another post": (SEKCAM, "/tasks/{task_waiting}"),
    "task with a decision": (CAMAT, "/tasks/{task_decision}"),
    "task late, and who knows": (KASUBBAG, "/tasks/{task_waiting}/lateness"),
    "task in time": (KASUBBAG, "/tasks/{task_running}/lateness"),
    "task sent back": (SEKCAM, "/tasks/{task_returned}"),
    "task done": (CAMAT, "/tasks/{task_done}"),
    "task suspended": (CAMAT, "/tasks/{task_suspended}"),
    "task delegated": (STAF, "/tasks/{task_delegated}"),
    "task delegated by her": (KASUBBAG, "/tasks/{task_delegated}"),
    "task with what comes before": (STAF, "/tasks/{task_prepared}"),
    "task passed on": (KASUBBAG, "/tasks/{task_running}/hands"),
    "task passed on by a leader": (CAMAT, "/tasks/{task_running}/hands"),
    "task passed on, not hers": (KASI, "/tasks/{task_running}/hands"),
    "comments": (CAMAT, "/cases/{late}/comments"),
    "comments, none yet": (CAMAT, "/cases/{stopped}/comments"),
    "cases": (CAMAT, "/cases"),
    "cases of a kabupaten": ("pengawas.banjar", "/cases?status=running"),
    "cases, nothing found": (CAMAT, "/cases?search=xyz"),
    "cases, none yet": ("camat.sumbang", "/cases"),
    "new case": (KASUBBAG, "/cases/new?sop={sop}"),
    "new case with a start form": (KASUBBAG, "/cases/new?sop={sop_asking}"),
    "case with a start form": (KASUBBAG, "/cases/{asked}"),
    "new list": (KASUBBAG, "/batches/new?sop={sop_asking}"),
    "new list, nothing to start": (KASI, "/batches/new"),
    "new list, one of several": ("camat.martapura-barat", "/batches/new"),
    "list looked at": (KASUBBAG, "/batches/{batch}"),
    "list half done": ("camat.martapura-barat", "/batches/{batch_begun}"),
    "new case, one of several": ("camat.martapura-barat", "/cases/new"),
    "new case, nothing to start": (KASI, "/cases/new"),
    "case late": (CAMAT, "/cases/{late}"),
    "case sent back": (CAMAT, "/cases/{returned}"),
    "case ended": (CAMAT, "/cases/{ended}"),
    "case suspended": (CAMAT, "/cases/{stopped}"),
    "case cancelled": (CAMAT, "/cases/{cancelled}"),
    "case stuck": (CAMAT, "/cases/{stuck}"),
    "case steered": (CAMAT, "/cases/{late}/steering"),
    "case steered, suspended": (CAMAT, "/cases/{stopped}/steering"),
    "case steered, stuck": (CAMAT, "/cases/{stuck}/steering"),
    "case steered, ended": (CAMAT, "/cases/{ended}/steering"),
    "sops": (PERANCANG, "/sops"),
    "sops of a kabupaten": ("pengawas.banjar", "/sops"),
    "sops, nothing found": (CAMAT, "/sops?search=xyz"),
    "sop": (CAMAT, f"/sops/gambut/{SOP}"),
    "sop with proposals": ("perancang.sumbang", "/sops/sumbang/pengukuran-kinerja"),
    "sop at work": (CAMAT, f"/sops/gambut/{SOP}/live"),
    "sop at work, what is late": (PERANCANG, f"/sops/gambut/{SOP}/live?heat=late&period=month"),
    "sop at work, days that are none": (CAMAT, f"/sops/gambut/{SOP}/live?period=days&first=x"),
    "sop at work, nothing yet": ("camat.samboja", "/sops/samboja/pengumpulan-data-kinerja/live"),
    "monitor": (SEKCAM, "/monitor"),
    "monitor, late": (CAMAT, "/monitor?view=overdue"),
    "monitor, stuck": (CAMAT, "/monitor?view=stuck"),
    "monitor, clocks at rest": (CAMAT, "/monitor?view=paused"),
    "monitor, by person": (CAMAT, "/monitor?view=summary&by=person"),
    "monitor, narrowed": (CAMAT, "/monitor?view=all&search=maret&until=week&patience=30"),
    "monitor, nothing found": (CAMAT, "/monitor?view=all&search=xyz"),
    "monitor, nothing there": ("camat.sumbang", "/monitor?view=vacant"),
    "monitor of a kabupaten": ("pengawas.banjar", "/monitor"),
    "monitor on paper": (CAMAT, "/monitor/sheet?view=all"),
    "monitor on the wall": (SEKCAM, "/monitor/wall"),
    "monitor on a calm wall": ("camat.samboja", "/monitor/wall"),
    "reports": (CAMAT, "/reports"),
    "reports of a kabupaten": ("pengawas.banjar", "/reports?period=year&order=late"),
    "reports, nothing found": (CAMAT, "/reports?search=xyz"),
    "report of an sop": (CAMAT, f"/reports/gambut/{SOP}?period=year"),
    "report of an sop, nothing yet": (
        "camat.samboja",
        "/reports/samboja/pengumpulan-data-kinerja",
    ),
    "sops compared": ("pengawas.banjar", "/reports/comparison?period=year"),
    "sops compared, one alone": (CAMAT, "/reports/comparison"),
    "assessment": (CAMAT, "/offices/gambut/assessments/2026-1"),
    "assessment of today": (CAMAT, "/offices/gambut/assessments"),
    "assessment of others": ("pengawas.banjar", "/offices/martapura-barat/assessments/2025-2"),
    "new sop": (PERANCANG, "/sops/new"),
    "draft, nothing uploaded": (
        "perancang.samboja",
        "/sops/samboja/pengumpulan-data-kinerja/draft",
    ),
    "draft with differences": (PERANCANG, f"/sops/gambut/{SOP}/draft"),
    "draft with errors": (PERANCANG, "/sops/gambut/rusak/draft"),
    **sumbang.PAGES,
    **banjar.PAGES,
    **outside.PAGES,
    "tokens": (CAMAT, "/tokens"),
    "tokens, none yet": (KASI, "/tokens"),
    "reference of the API": (CAMAT, "/reference"),
    "notices": (CAMAT, "/notices"),
    "notices, all": (STAF, "/notices?view=all"),
    "notices, none": (KASI, "/notices"),
    "notices, none yet": ("camat.sumbang", "/notices?view=all"),
    "webhooks": (CAMAT, "/webhooks"),
    "webhooks, none yet": ("camat.sumbang", "/webhooks"),
    "webhooks of an administrator": ("admin", "/webhooks"),
    "webhook": (CAMAT, "/webhooks/{webhook}"),
    "webhook, nothing sent": (CAMAT, "/webhooks/{webhook}?state=sent"),
    "server": ("admin", "/operations"),
    "not found": (CAMAT, "/cases/999999"),
}


def furnish(site: Site) -> dict[str, int]:
    """The numbers of the tasks and cases, by what is the matter with them."""
    office, clock = site.office, site.clock
    clock.passes(minutes=-30)
    late = office.starts("Data kinerja bulan Februari")
    clock.passes(minutes=22)
    soon = office.starts("Data kinerja bulan Maret")
    clock.passes(minutes=8)
    site.ticks()
    ended, returned, decision, stopped, cancelled, stuck = (
        _until_the_camat(site, title)
        for title in ("Selesai", "Dikembalikan", "Diputuskan", "Berhenti", "Batal", "Macet")
    )
    _decided(site, ended, "setuju")
    for who in (STAF, KASI, STAF, KASUBBAG):
        office.completes(who, ended)
    done = _decided(site, returned, "tidak", REASON)
    office.does(SEKCAM, steering.suspend, stopped, "Menunggu tim pemeriksa.")
    office.does(SEKCAM, steering.cancel, cancelled, "Dimulai dua kali.")
    _fails(site, stuck)
    _uploads(site, SOP, b"PT10M", b"PT20M")
    _uploads(site, "rusak", b"outcome == 'tidak'", b"import os")
    _answers(site, "Sekretaris Camat.", "Sekretaris Camat; Kasubbag mengetahui.")
    kept = sumbang.furnish(site) | banjar.furnish(site)
    outside.furnish(site)
    _has_tokens(site, CAMAT)
    webhook = _tells(site, late)
    running = office.starts("Data kinerja triwulan I")
    delegated = _delegated(site)
    prepared = _with_documents(site)
    _talks(site, late)
    asking, asked = _asks(site)
    return {
        "sop": _sop(site),
        "sop_asking": asking,
        "asked": asked,
        "batch": _uploaded(site, KASUBBAG, questionnaire.SLUG, LIST),
        "batch_begun": _begun(site),
        "late": late,
        "webhook": webhook,
        "soon": soon,
        "ended": ended,
        "stopped": stopped,
        "cancelled": cancelled,
        "stuck": stuck,
        "returned": returned,
        "task_delegated": delegated,
        "task_prepared": prepared,
        "task_waiting": office.waiting(KASUBBAG, late),
        "task_running": office.claims(KASUBBAG, running),
        "task_decision": office.claims(CAMAT, decision),
        "task_returned": office.claims(SEKCAM, returned),
        "task_done": done,
        "task_suspended": office.waiting(CAMAT, stopped),
        **kept,
    }


def _delegated(site: Site) -> int:
    """The kasubbag has asked the staf to prepare it."""
    task = site.office.claims(KASUBBAG, site.office.starts("Diminta: data kinerja"))
    with site.database.transaction(EVERYWHERE) as session:
        kasubbag, staf = (site.office._actor(session, who) for who in (KASUBBAG, STAF))
        note, now = "Tolong siapkan suratnya.", site.clock()
        to = staf.person_id or 0
        delegation.delegate(session, kasubbag, task, to, note, now, wants_check=True)
    return task


def _with_documents(site: Site) -> int:
    """The staf has step 2 in hand, after a first step that left a document behind."""
    case = site.office.starts("Disiapkan: data kinerja")
    task = site.office.claims(KASUBBAG, case)
    with site.database.transaction(EVERYWHERE) as session:
        kasubbag, now = site.office._actor(session, KASUBBAG), site.clock()
        row, file = session.get_one(Task, task), BytesIO(b"%PDF-1.7 surat")
        folder, person = site.app.config["DOCUMENTS"], kasubbag.person_id or 0
        name = "Disposisi agenda perencanaan.pdf"
        documents.attach(session, row, documents.OUTPUT, name, file, folder, person, now)
        inbox.complete(session, kasubbag, task, now, checked=[1])
    return site.office.claims(STAF, case)


def _asks(site: Site) -> tuple[int, int]:
    """An SOP with a start form, and a case of it."""
    with site.database.transaction(EVERYWHERE) as session:
        kasubbag, now = site.office._actor(session, KASUBBAG), site.clock()
        sop = questionnaire.publish(session, now)
        sent = {"unit": "Kasi PMD", "triwulan": "1", "tenggat": "2026-03-31", "jumlah": 12}
        return sop.id, starting.start(session, kasubbag, sop, "", sent, now).id


def _uploaded(site: Site, account: str, slug: str, text: str) -> int:
    """A list of cases, of which nothing has started yet."""
    with site.database.transaction(EVERYWHERE) as session:
        actor, lines = site.office._actor(session, account), sheets.of_text(text)
        sop = next(sop for sop, _ in sops.startable(session, actor) if sop.slug == slug)
        return batches.propose(session, actor, sop, "unit.xlsx", lines, site.clock()).id


def _begun(site: Site) -> int:
    """One row of it has started, one could not, and the rest wait for the clock."""
    who = "camat.martapura-barat"
    batch = _uploaded(site, who, "pengumpulan-data-kinerja", "Januari\nFebruari\nMaret\nApril")
    site.office.does(who, batches.begin, batch)
    with site.database.transaction(EVERYWHERE) as session:
        batches.start(session, batch, 1, site.clock())
        batches.fail(session, batch, 2, str(AccountClosed()))
    return batch


def _sop(site: Site) -> int:
    with site.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Sop.id).where(Sop.slug == SOP)).one()


def _talks(site: Site, case: int) -> None:
    """More than a page holds, the last of them to the camat."""
    for number in range(24):
        site.office.does(STAF, comments.say, case, f"Catatan ke-{number + 1} tentang surat ini.")
    text = "@Rahmadi Syahputra, mohon ditandatangani sebelum pukul 12."
    site.office.does(KASUBBAG, comments.say, case, text)


def _until_the_camat(site: Site, state: str) -> int:
    case = site.office.starts(f"{state}: data kinerja triwulan IV")
    for who in (KASUBBAG, STAF, SEKCAM):
        site.office.completes(who, case)
    return case


def _decided(site: Site, case: int, outcome: str, reason: str = "") -> int:
    return site.office.completes(CAMAT, case, outcome, reason)


def _fails(site: Site, case_id: int) -> None:
    """As when its diagram asks for what nobody gave."""
    with site.database.transaction(EVERYWHERE) as session:
        case = session.get_one(Case, case_id)
        stuck = CaseStuck(case, "Gerbang “Setuju?” tidak menemukan jalan yang cocok.")
        incidents.record(session, stuck, site.clock() - timedelta(minutes=1))


def _uploads(site: Site, slug: str, old: bytes, new: bytes) -> None:
    """The designer has changed Gambut's diagram, and looks at what it has become."""
    xml = library.load(f"gambut/{SOP}")
    assert old in xml
    with site.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == PERANCANG)).one()
        owner = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        actor = access.actor(session, person, site.clock())
        changed = xml.replace(old, new)
        uploads.keep(session, actor, owner, slug, f"{slug}.bpmn", changed, site.clock())


def _answers(site: Site, *texts: str) -> None:
    """The camat answers the first question about Gambut's SOP, and thinks better of it."""
    temuan = reader.read(library.load(f"gambut/{SOP}")).temuan
    with site.database.reading(EVERYWHERE) as session:
        sop = session.scalars(select(Sop).where(Sop.slug == SOP)).one()
        key = questions.of(session, sop, temuan)[0].key
    for seen, text in enumerate(texts):
        site.office.does(CAMAT, questions.answer, "gambut", SOP, key, text, seen)


def _has_tokens(site: Site, account: str) -> None:
    """Two programs work in her name; one has come by this morning."""
    with site.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == account)).one()
        for name, scopes in (("Aplikasi absen", ["read"]), ("e-SAKIP", ["read", "work"])):
            token, _ = tokens.make(session, person, name, scopes, 90, site.clock())
        tokens.note_use(session, token.id, site.clock())


def _tells(site: Site, case: int) -> int:
    """A program is told: one delivery died, one is tried again, one waits for the first time."""
    with site.database.transaction(EVERYWHERE) as session:
        owner = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        url, now = "https://sakip.example.go.id/alur", site.clock()
        made = webhooks.make(session, MACHINE, owner, "e-SAKIP", url, webhooks.TOPICS, now)
        lines = session.scalars(select(Event).where(Event.case_id == case).limit(2)).all()
        for line, tries, topic in zip(lines, (9, 2), ("case", "task"), strict=True):
            told = Dispatch(webhook_id=made.id, event_id=line.id, topic=topic, at=now, send_at=now)
            session.add(told)
            session.flush()
            told.tries = tries
            if tries == 9:
                told.ended_at, told.ended_as = now, "dead"
            session.add(
                Attempted(dispatch_id=told.id, at=now, status=503, milliseconds=41, why=None)
            )
        webhooks.try_out(session, made.id, now)
        return made.id
