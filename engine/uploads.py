"""Keep the diagram a designer uploaded until she publishes or discards it: nobody else sees it."""

import codecs
from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

import bpmn.xml
from bpmn.errors import N_, AlurError
from engine import access
from engine.access import Actor
from engine.models import Office, Upload

LARGEST: Final = bpmn.xml.LARGEST


class UploadError(AlurError):
    """A file that is not kept."""

    status = 422
    field = "file"


class NoFile(UploadError):
    sentence = N_("Pilih berkas .bpmn yang akan diunggah.")


class WrongKind(UploadError):
    sentence = N_(
        "“%(filename)s” bukan diagram BPMN. Di penyunting BPMN pilih simpan atau ekspor sebagai "
        "BPMN 2.0 (.bpmn), lalu unggah berkas itu."
    )


class NoUpload(UploadError):
    sentence = N_("Belum ada diagram yang diunggah, atau sudah diterbitkan atau dibuang.")
    status = 404


def keep(
    session: Session,
    actor: Actor,
    office: Office,
    slug: str,
    filename: str,
    xml: bytes,
    now: datetime,
) -> None:
    """Keep the file for her check page; what she uploaded there before gives way."""
    access.require(actor, "sop.publish", office.id)
    check(filename, xml)
    session.merge(
        Upload(
            person_id=actor.person_id,
            office_id=office.id,
            slug=slug,
            filename=filename[-200:],
            xml=xml,
            uploaded_at=now,
        )
    )


def check(filename: str, xml: bytes) -> None:
    """Refuse what no rule could say anything about, in a sentence of its own."""
    if not filename:
        raise NoFile
    if xml and not _is_text(xml[:1024]):
        raise WrongKind(filename=filename)
    bpmn.xml.parse(xml)


def _is_text(start: bytes) -> bool:
    """Pictures, documents and archives hold what no text does, within their first bytes."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")):
        return True
    return not any(byte < 0x20 and byte not in b"\t\n\f\r" for byte in start)


def find(session: Session, actor: Actor, office: Office, slug: str) -> Upload | None:
    """What she uploaded for this SOP and has not published yet."""
    access.require(actor, "sop.publish", office.id)
    return session.get(Upload, (actor.person_id, office.id, slug))


def get(session: Session, actor: Actor, office: Office, slug: str) -> Upload:
    found = find(session, actor, office, slug)
    if found is None:
        raise NoUpload
    return found


def drop(session: Session, actor: Actor, office: Office, slug: str) -> None:
    """Forget it: published, or not wanted any more."""
    access.require(actor, "sop.publish", office.id)
    session.execute(
        delete(Upload).where(
            Upload.person_id == actor.person_id,
            Upload.office_id == office.id,
            Upload.slug == slug,
        )
    )
