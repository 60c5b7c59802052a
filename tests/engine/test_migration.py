"""A new revision comes into force while cases run: who goes on where, and when it is due."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpmn import library
from engine import access, cases, migration, sops
from engine.access import MACHINE
from engine.db import EVERYWHERE
from engine.history import Entry
from engine.models import Case, Escalation, Office, Revision, Sop, Task
from engine.state import StepGone
from tasks import inbox, schedule
from tests.conftest import THURSDAY, Cast
from tests.engine.diagrams import diagram, together
from tests.gambut import do, start

LATER = THURSDAY + timedelta(minutes=5)
SLUG = "pengumpulan-dan-pengukuran-data-kinerja"


def published(cast: Cast, *changes: tuple[str, str]) -> int:
    """Gambut's SOP with these changes, in force from now on."""
    text = library.load(f"gambut/{SLUG}").decode()
    for old, new in changes:
        assert re.search(old, text), old
        text = re.sub(old, new, text)
    with cast.database.transaction(EVERYWHERE) as session:
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        return sops.publish(session, MACHINE, gambut, SLUG, text.encode(), THURSDAY).id


def migrate(cast: Cast, revision: int, **targets: str) -> list[migration.Outlook]:
    designer = cast("perancang.gambut")
    return list(migration.migrate_all(cast.database, designer, revision, targets, LATER))


def open_task(cast: Cast) -> Task:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Task).where(Task.status.in_(("waiting", "claimed")))).one()


def test_a_case_goes_on_in_a_diagram_whose_other_steps_changed(cast: Cast) -> None:
    start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    before = open_task(cast)
    with cast.at_work("staf.gambut") as (session, staf):
        inbox.claim(session, staf, before.id, THURSDAY)
    revision = published(
        cast, (r"\bLangkah_3\b", "Langkah_3b"), ("Menyiapkan surat", "Membuat surat")
    )
    [outlook] = migrate(cast, revision)
    assert outlook.is_ready
    assert outlook.steps == ("Langkah_2",)
    after = open_task(cast)
    assert (after.id, after.status, after.claimed_by, after.due_at) == (
        before.id,
        "claimed",
        cast("staf.gambut").person_id,
        before.due_at,
    )
    assert after.name.startswith("Membuat surat")
    with cast.at_work("staf.gambut", LATER) as (session, staf):
        inbox.complete(session, staf, after.id, LATER)
    assert open_task(cast).step == "Langkah_3b"


def test_where_the_current_step_is_gone_a_target_must_be_named(cast: Cast) -> None:
    start(cast)
    before = open_task(cast)
    revision = published(cast, (r"\b(Langkah|Lewat|Eskalasi|Waktu)_1\b", r"\1_1a"))
    [refused] = migrate(cast, revision)
    assert not refused.is_ready
    assert refused.refused is not None
    assert "Langkah_1" in refused.refused
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Case.revision_id)).one() != revision

    [moved] = migrate(cast, revision, Langkah_1="Langkah_1a")
    assert moved.steps == ("Langkah_1a",)
    after = open_task(cast)
    assert (after.id, after.due_at) == (before.id, before.due_at)
    schedule.tick(cast.database, THURSDAY + timedelta(minutes=11))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation.due_at)).one() == before.due_at


def test_a_step_that_lost_its_timer_is_no_longer_due(cast: Cast) -> None:
    start(cast)
    revision = published(
        cast,
        (r'(?s)<bpmn:boundaryEvent id="Lewat_1".*?</bpmn:boundaryEvent>', ""),
        (r'(?s)<bpmn:endEvent id="Eskalasi_1".*?</bpmn:endEvent>', ""),
        (r'(?s)<bpmn:sequenceFlow id="[^"]*" sourceRef="Lewat_1"[^>]*/>', ""),
        (r"<bpmn:flowNodeRef>(Lewat|Eskalasi)_1</bpmn:flowNodeRef>", ""),
        (r'(?s)<bpmndi:BPMNShape [^>]*bpmnElement="(Lewat|Eskalasi)_1".*?</bpmndi:BPMNShape>', ""),
        (r'(?s)<bpmndi:BPMNEdge [^>]*bpmnElement="Alur_Lewat_1".*?</bpmndi:BPMNEdge>', ""),
    )
    [outlook] = migrate(cast, revision)
    assert outlook.is_ready, outlook.refused
    assert open_task(cast).due_at is None
    do(cast, "kasubbag.gambut", "Langkah_1", now=LATER)


def test_a_dry_run_says_what_would_happen_and_changes_nothing(cast: Cast) -> None:
    start(cast, "Berkas satu")
    start(cast, "Berkas dua")
    revision = published(cast, (r"\b(Langkah|Lewat|Eskalasi|Waktu)_1\b", r"\1_1a"))
    with cast.at_work("perancang.gambut") as (session, designer):
        found = session.get_one(Revision, revision)
        outlooks = migration.preview(session, designer, found, {}, LATER)
        assert [(each.title, each.is_ready) for each in outlooks] == [
            ("Berkas satu", False),
            ("Berkas dua", False),
        ]
        ready = migration.preview(session, designer, found, {"Langkah_1": "Langkah_2"}, LATER)
        assert [each.steps for each in ready] == [("Langkah_2",), ("Langkah_2",)]
    with cast.database.reading(EVERYWHERE) as session:
        assert revision not in session.scalars(select(Case.revision_id)).all()


def test_what_fell_due_before_is_escalated_under_the_old_revision(cast: Cast) -> None:
    start(cast)
    revision = published(cast, ("Menyiapkan surat", "Membuat surat"))
    designer, late = cast("perancang.gambut"), THURSDAY + timedelta(minutes=30)
    assert all(
        each.is_ready for each in migration.migrate_all(cast.database, designer, revision, {}, late)
    )
    with cast.database.reading(EVERYWHERE) as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.due_at == THURSDAY + timedelta(minutes=10)


def test_only_the_designer_migrates_and_only_to_its_own_sop(cast: Cast) -> None:
    case = start(cast)
    revision = published(cast, ("Menyiapkan surat", "Membuat surat"))
    with pytest.raises(access.Forbidden):
        with cast.at_work("staf.gambut") as (session, staf):
            found = session.get_one(Revision, revision)
            migration.migrate(session, staf, case, found, {}, LATER)
    with cast.database.transaction(EVERYWHERE) as session:
        foreign = session.scalars(
            select(Revision).join(Office).where(Office.slug == "sumbang").limit(1)
        ).one()
        with pytest.raises(migration.NotItsRevision):
            migration.migrate(session, MACHINE, case, foreign, {}, LATER)


def test_a_target_that_does_not_exist_is_refused(cast: Cast) -> None:
    start(cast)
    revision = published(cast, (r"\b(Langkah|Lewat|Eskalasi|Waktu)_1\b", r"\1_1a"))
    [outlook] = migrate(cast, revision, Langkah_1="Langkah_77")
    assert outlook.refused == str(StepGone(step="Langkah_1"))


def test_of_two_branches_one_may_be_carried_over(cast: Cast) -> None:
    arrows, gates = "mulai -> P; P -> {} -> J; P -> B -> J; J -> selesai", {"P": together()}
    gates["J"] = together()
    revisions = []
    for name in ("A", "C"):
        with cast.database.transaction(EVERYWHERE) as session:
            gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
            xml = diagram(arrows.format(name), **gates)
            revision = sops.publish(session, MACHINE, gambut, "cabang", xml, THURSDAY)
            revisions.append(revision.id)
            if name == "A":
                sop = session.get_one(Sop, revision.sop_id)
                cases.begin(session, sop, "Bercabang", THURSDAY, Entry("started", THURSDAY))
    [outlook] = migrate(cast, revisions[1], A="C")
    assert outlook.refused is None
    assert sorted(outlook.steps) == ["B", "C"]
