"""Files attached to a step: taken in by whoever holds it, handed out to whoever may see it."""

from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import filetypes, vault
from engine.access import Actor
from engine.models import Document, Task
from tasks.forms.cells import MOST_FILES

LARGEST: Final = 25 * 1024 * 1024


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
    """Take a file in for a task that `inbox.hers` found to be hers."""
    name = filetypes.clean_name(name)
    if len(of_task(session, task.id).get(field, ())) >= MOST_FILES:
        raise TooMany(most=MOST_FILES)
    _refuse_big(stream)
    kind = filetypes.recognise(name, stream)
    kept = vault.keep(folder, stream, LARGEST)
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


def names(session: Session, case_id: int) -> dict[str, int]:
    """The documents of a case by their names, so that a row can point at its evidence."""
    rows = session.execute(
        select(Document.name, Document.id).where(Document.case_id == case_id).order_by(Document.id)
    )
    return {name.casefold(): document_id for name, document_id in rows}


def find(session: Session, actor: Actor, document_id: int) -> Document:
    """A document, for whoever may see the tasks of its office."""
    document = session.get(Document, document_id)
    if document is None or not actor.may("task.see", document.office_id):
        raise NoSuchDocument
    return document
