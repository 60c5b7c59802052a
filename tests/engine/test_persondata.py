"""What is known of a person she may have; what can be forgotten of her, can be forgotten."""

from io import BytesIO
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, text

from engine import accounts, history, people, persondata
from engine.access import MACHINE, Forbidden
from engine.db import EVERYWHERE
from engine.models import Base, Contact, Draft, Notice, Person, Task
from tasks import documents, drafts
from tests.conftest import THURSDAY, Cast
from tests.gambut import do, start

AULIA = "kasubbag.gambut"


@pytest.fixture
def aulia(cast: Cast, tmp_path: Path) -> Person:
    """She has worked, been told things, left a draft and an address."""
    case = start(cast)
    do(cast, AULIA, "Langkah_1")
    with cast.database.transaction(EVERYWHERE) as session:
        person = people.find(session, AULIA)
        task = session.scalars(select(Task).where(Task.case_id == case)).first()
        assert person is not None
        assert task is not None
        pdf = BytesIO(b"%PDF-1.7 surat")
        documents.attach(session, task, "bukti", "a.pdf", pdf, tmp_path, person.id, THURSDAY)
        drafts.save(session, person.id, "/tasks/1", {"note": "konsep"}, THURSDAY)
        session.add(
            Contact(
                person_id=person.id,
                channel="email",
                address="aulia@contoh.example",
                at=THURSDAY,
                code="123456",
                secret="rahasia-sekali",
            )
        )
        session.add(
            Notice(
                office_id=1,
                person_id=person.id,
                cause="x",
                kind="opened",
                urgent=False,
                at=THURSDAY,
            )
        )
        return person


def known(cast: Cast, person: Person) -> dict[str, list[dict[str, object]]]:
    with cast.database.reading(EVERYWHERE) as session:
        found = persondata.of(session, session.get_one(Person, person.id), THURSDAY)
    return dict(orjson.loads(orjson.dumps(found))["data"])


def test_every_row_that_speaks_of_her_is_hers_to_see_and_nothing_that_opens_doors(
    cast: Cast, aulia: Person
) -> None:
    data = known(cast, aulia)
    assert {row["kind"] for row in data["event"]} >= {"started", "claimed", "completed"}
    assert data["contact"][0]["address"] == "aulia@contoh.example"
    assert data["draft"][0]["fields"] == {"note": "konsep"}
    assert [row["name"] for row in data["document"]] == ["a.pdf"]
    assert data["case"][0]["started_by"] == aulia.id
    written = orjson.dumps(data).decode()
    for secret in ("not a hash", "rahasia-sekali", "123456", "password_hash"):
        assert secret not in written
    # No table that points to people is left out, and each is said in words.
    pointing = {table.name for table in Base.metadata.sorted_tables if persondata._pointing(table)}
    assert pointing >= {"notice", "absence", "comment", "pause", "delegation"}
    with cast.at_work("camat.gambut") as (session, camat):
        other = people.find(session, "staf.gambut")
        assert other is not None
        assert camat.person_id != other.id
        assert "draft" not in persondata.of(session, other, THURSDAY)["data"]


def test_a_closed_account_can_be_forgotten_and_history_stays_whole(
    cast: Cast, aulia: Person
) -> None:
    with cast.database.reading(EVERYWHERE) as session:
        before = history.verify(session)
    with pytest.raises(persondata.NotClosed):
        with cast.at_work("admin") as (session, admin):
            persondata.erase(session, admin, session.get_one(Person, aulia.id), THURSDAY)
    with pytest.raises(Forbidden):
        with cast.at_work("camat.gambut") as (session, camat):
            persondata.erase(session, camat, session.get_one(Person, aulia.id), THURSDAY)
    with cast.at_work("admin") as (session, admin):
        person = session.get_one(Person, aulia.id)
        accounts.close(session, admin, person, THURSDAY)
        persondata.erase(session, admin, person, THURSDAY)
    with cast.database.reading(EVERYWHERE) as session:
        assert history.verify(session) == before
        person = session.get_one(Person, aulia.id)
        assert (person.account, person.name) == (
            f"dihapus-{aulia.id}",
            f"Pegawai {aulia.id} (data dihapus)",
        )
        assert people.find(session, AULIA) is None
        for noun in (Draft, Notice):
            assert session.scalars(select(noun).where(noun.person_id == aulia.id)).all() == []
    everything = orjson.dumps(known(cast, aulia)).decode()
    for word in ("Aulia", "aulia", AULIA, "konsep"):
        assert word not in everything
    with pytest.raises(persondata.AlreadyErased):
        with cast.at_work("admin") as (session, admin):
            persondata.erase(session, admin, session.get_one(Person, aulia.id), THURSDAY)


def test_a_forgotten_account_is_free_for_somebody_else(cast: Cast, aulia: Person) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        person = session.get_one(Person, aulia.id)
        accounts.close(session, MACHINE, person, THURSDAY)
        persondata.erase(session, MACHINE, person, THURSDAY)
        new = accounts.open_(session, MACHINE, AULIA, "Orang Baru", "kata-sandi-baru-1", THURSDAY)
        assert new.id != aulia.id
        assert session.scalar(text("SELECT count(*) FROM person WHERE name = 'Orang Baru'")) == 1
