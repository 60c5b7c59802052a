"""All that is known of a person, as UU 27/2022 lets her ask for; and what of it can be forgotten.

Whatever points to her is hers to see, so no table can be forgotten: they are found by their
references. What opens doors, and the contents of cases, are not part of it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import accounts
from engine.access import Actor
from engine.accounts import AccountError
from engine.models import (
    AccountEvent,
    Attempt,
    Base,
    Contact,
    Draft,
    Notice,
    Person,
    Preference,
    SavedFilter,
    Telling,
    Token,
    Upload,
)

# Who has these could come in as her, or pass for us.
_SECRET: Final = frozenset({"password_hash", "hash", "secret", "code", "epoch"})
# What is in a case or a diagram belongs to the office.
_OFFICES: Final = frozenset({"state", "xml", "content", "data", "answer", "body"})

ABOUT: Final[Mapping[str, str]] = {
    "person": "akun",
    "grant": "peran yang diberikan",
    "holder": "jabatan yang dipegang, dan penunjukan yang dicatat olehnya",
    "absence": "hari tidak masuk: dirinya, yang digantikannya, yang dicatatnya",
    "account_event": "yang dilakukan pada akunnya, atau olehnya pada akun lain",
    "contact": "alamat di luar Alur (surel dan lain-lain)",
    "preference": "cara ia ingin diberi tahu",
    "notice": "pemberitahuan",
    "token": "token untuk program lain (tanpa isinya)",
    "attempt": "percobaan masuk yang gagal atas nama akunnya",
    "event": "perbuatannya dalam riwayat berkas (tersegel)",
    "task": "langkah yang diambil atau diselesaikannya",
    "case": "berkas yang dimulainya",
    "batch": "daftar berkas yang diunggahnya",
    "document": "dokumen yang diunggahnya",
    "comment": "komentarnya",
    "draft": "isian yang belum dikirim",
    "saved_filter": "saringan daftar yang disimpannya",
    "delegation": "pendelegasian dari atau kepadanya",
    "pause": "jam langkah yang dihentikan atau dijalankannya",
    "assessment": "penilaian SOP yang ditulisnya",
}


class NotClosed(AccountError):
    sentence = N_("Tutup dahulu akun ini; baru data pribadinya dapat dihapus.")
    status = 409


class AlreadyErased(AccountError):
    sentence = N_("Data pribadi akun ini sudah dihapus.")
    status = 409


def of(session: Session, person: Person, now: datetime) -> dict[str, Any]:
    """Every row that speaks of her, table by table."""
    found = {
        f"{table.name}": rows
        for table in Base.metadata.sorted_tables
        if (rows := list(_rows(session, table, person)))
    }
    return {
        "dibuat": now.astimezone(UTC),
        "akun": person.account,
        "nama": person.name,
        "keterangan": {name: ABOUT.get(name, name) for name in found},
        "data": found,
    }


def _rows(session: Session, table: Table, person: Person) -> Iterator[dict[str, Any]]:
    hers = [column == person.id for column in _pointing(table)]
    if table.name == "person":
        hers = [table.c.id == person.id]
    elif table.name == "attempt":
        hers = [table.c.account == person.account]
    if not hers:
        return
    shown = [column for column in table.columns if column.name not in _SECRET | _OFFICES]
    query = select(*shown).where(or_(*hers)).order_by(*table.primary_key.columns)
    names = [f"{column.name}" for column in shown]  # as plain text: a quoted name is more than that
    for row in session.execute(query):
        yield dict(zip(names, row, strict=True))


def _pointing(table: Table) -> list[Column[Any]]:
    return [key.parent for key in table.foreign_keys if key.column.table.name == "person"]


def erase(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """Forget who she was; that somebody did what was done stays, under a number.

    The sealed history, the steps and the documents are the office's archive, which the law keeps
    from being erased. What tells who a number was is gone from here.
    """
    accounts.require(actor)
    if person.closed_at is None:
        raise NotClosed
    if is_erased(person):
        raise AlreadyErased
    _forget(session, person)
    person.account, person.name = f"dihapus-{person.id}", f"Pegawai {person.id} (data dihapus)"
    person.password_hash = ""
    session.add(AccountEvent(person_id=person.id, kind="erased", at=now, by=actor.person_id))
    session.flush()


def is_erased(person: Person) -> bool:
    return person.account == f"dihapus-{person.id}"


def _forget(session: Session, person: Person) -> None:
    hers = select(Notice.id).where(Notice.person_id == person.id)
    session.execute(delete(Telling).where(Telling.notice_id.in_(hers)))
    for noun in (Notice, Draft, Preference, SavedFilter, Upload):
        session.execute(delete(noun).where(noun.person_id == person.id))
    session.execute(delete(Attempt).where(Attempt.account == person.account))
    # They are spoken of by what was sent; nothing in them leads to her any more.
    session.execute(
        update(Contact)
        .where(Contact.person_id == person.id)
        .values(address="", secret=None, code=None, proved_at=None, digest_at=None)
    )
    session.execute(update(Token).where(Token.person_id == person.id).values(name="-"))
