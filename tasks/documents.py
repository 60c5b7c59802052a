"""Files attached to a step: taken in by whoever holds it, handed out to whoever may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import filetypes, vault
from engine.access import Actor
from engine.models import Document, Person, Task
from tasks.forms.cells import MOST_FILES

LARGEST: Final = 25 * 1024 * 1024
# What the step yields, beside the fields of its form; no field's key begins so.
OUTPUT: Final = "-output"


class DocumentError(AlurError):
    """A file that is not there, or cannot be added."""


class NoSuchDocument(DocumentError):
    sentence = N_("Dokumen ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class TooMany(DocumentError):
    sentence = N_("Isian ini sudah memuat %(most)s berkas. Hapus dahulu yang tidak perlu.")
    status = 422


def attach(
    session: Session,
    task: Task,
    field: str,
    name: str,
    stream: IO[bytes],
    folder: Path,
    person_id: int,
    now: datetime,
) -> Document:
    """Take a file in for a task that `inbox.hers` found to be hers; sent again, it is there."""
    name = filetypes.clean_name(name)
    there = _attached(session, task.id, field)
    _refuse_big(stream)
    kind = filetypes.recognise(name, stream)
    kept = vault.keep(folder, stream, LARGEST)
    for document in there:
        if (document.name, document.sha256) == (name, kept.sha256):
            return document
    if len(there) >= MOST_FILES:
        raise TooMany(most=MOST_FILES)
    document = Document(
        office_id=task.office_id,
        case_id=task.case_id,
        task_id=task.id,
        field=field,
        sha256=kept.sha256,
        name=name,
        type=kind,
        size=kept.size,
        by=person_id,
        at=now,
    )
    session.add(document)
    session.flush()
    return document


def _attached(session: Session, task_id: int, field: str) -> Sequence[Document]:
    query = select(Document).where(Document.task_id == task_id, Document.field == field)
    return session.scalars(query).all()


def _refuse_big(stream: IO[bytes]) -> None:
    """Before anything looks through it."""
    if stream.seek(0, 2) > LARGEST:
        raise vault.TooBig(most=LARGEST >> 20)
    stream.seek(0)


def detach(session: Session, task: Task, document_id: int) -> None:
    """Take a file off a task that is still being worked on; its content stays in the vault."""
    document = session.get(Document, document_id)
    if document is None or document.task_id != task.id:
        raise NoSuchDocument
    session.delete(document)
    session.flush()


def of_task(session: Session, task_id: int) -> dict[str, list[dict[str, Any]]]:
    """What is attached to each field of a task, as its answer keeps it."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = select(Document).where(Document.task_id == task_id).order_by(Document.id)
    for document in session.scalars(rows):
        found.setdefault(document.field, []).append(
            {
                "dokumen": document.id,
                "nama": document.name,
                "ukuran": document.size,
                "sha256": document.sha256,
            }
        )
    return found


@dataclass(frozen=True)
class Yield:
    """A document of a step that is done: of which step, and who put it there."""

    document: Document
    step: str
    who: str


def of_earlier(session: Session, task: Task) -> list[Yield]:
    """What the steps before left behind: a unit sees its own, and those for all."""
    wanted = select(Document, Task.name, Person.name).join(Task, Task.id == Document.task_id)
    if task.member is not None:
        wanted = wanted.where(or_(Task.member.is_(None), Task.member == task.member))
    rows = session.execute(
        wanted.join(Person, Person.id == Document.by)
        .where(Document.case_id == task.case_id, Task.status == "done", Task.id != task.id)
        .order_by(Document.id)
    )
    return [Yield(*row) for row in rows]


def names(session: Session, case_id: int) -> dict[str, int]:
    """The documents of a case by their names, so that a row can point at its evidence."""
    rows = session.execute(
        select(Document.name, Document.id).where(Document.case_id == case_id).order_by(Document.id)
    )
    return {name.casefold(): document_id for name, document_id in rows}


def find(session: Session, actor: Actor, document_id: int) -> Document:
    """A document, for whoever may see the tasks of its office.

    Until its step is done it is a draft, as what is typed there: for who does the step alone.
    """
    row = session.execute(
        select(Document, Task)
        .join(Task, Task.id == Document.task_id)
        .where(Document.id == document_id)
    ).one_or_none()
    if row is None or not actor.may("task.see", row[0].office_id):
        raise NoSuchDocument
    document, task = row
    does_it = task.claimed_by == actor.person_id or actor.holding(task.post_id) is not None
    if task.status != "done" and not does_it:
        raise NoSuchDocument
    return document
