"""Twin of engine/tokens.py: a program may what its person may, and what its token is for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import access, cases, people, sops, tokens
from engine.access import RIGHTS, SCOPES
from engine.db import EVERYWHERE, Database
from engine.models import Event, Grant, Holder, Office, Person, Sop, Token
from tests.conftest import THURSDAY, Cast


def made(session: Session, account: str, *scopes: str, days: int = 90) -> str:
    person = session.scalars(select(Person).where(Person.account == account)).one()
    _, text = tokens.make(session, person, "aplikasi", scopes or tuple(SCOPES), days, THURSDAY)
    return text


def admitted(session: Session, text: str) -> access.Actor:
    found = tokens.find(session, text, THURSDAY)
    assert found is not None
    return tokens.actor(session, *found, THURSDAY)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_a_token_only_the_hash_is_kept(cast: Cast, database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        text = made(session, "camat.gambut")
        kept = session.scalars(select(Token)).one()
        columns = {str(getattr(kept, column.key)) for column in Token.__table__.columns}
    assert text.startswith("alur_")
    assert len(text) == 48
    assert not any(text in column or text[5:] in column for column in columns)


def test_a_token_opens_until_it_expires_is_revoked_or_its_account_is_closed(
    cast: Cast, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        text = made(session, "camat.gambut", days=2)
        found = tokens.find(session, text, THURSDAY)
        assert found is not None
        token, person = found
        assert tokens.find(session, text[:-1] + "x", THURSDAY) is None
        assert tokens.find(session, "", THURSDAY) is None
        assert tokens.find(session, text, THURSDAY + timedelta(days=2)) is None
        person.closed_at = THURSDAY
        assert tokens.find(session, text, THURSDAY) is None
        person.closed_at = None
        tokens.revoke(session, token.id, THURSDAY)
        assert tokens.find(session, text, THURSDAY) is None
        with pytest.raises(tokens.NoSuchToken):
            tokens.revoke(session, token.id, THURSDAY)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_token_never_may_more_than_its_person_today(cast: Cast, database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        text = made(session, "sekcam.gambut")
        before = admitted(session, text)
        for held in session.scalars(select(Holder).where(Holder.person_id == before.person_id)):
            held.ends_on = THURSDAY.date() - timedelta(days=1)
        session.flush()
        after = admitted(session, text)
    assert before.may_somewhere("case.steer")
    assert after.posts == ()
    assert [right for right in RIGHTS if after.offices(right) != frozenset()] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_narrows_every_right_in_every_office(
    cast: Cast, database: Database, scope: str
) -> None:
    with database.transaction(EVERYWHERE) as session:
        camat = cast("camat.gambut")
        program = admitted(session, made(session, "camat.gambut", scope))
        [office] = camat.scope or ()
    for right in RIGHTS:
        meant = access.scope_of(right) == scope
        assert program.may(right, office) == (meant and camat.may(right, office))
        assert program.may_somewhere(right) == (meant and camat.may_somewhere(right))
        assert program.offices(right) == (camat.offices(right) if meant else access.NOWHERE)


def test_every_scope_is_made_of_rights_that_exist_each_in_one_scope() -> None:
    named = [right for rights in SCOPES.values() for right in rights]
    assert set(named) <= set(RIGHTS)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("refusal", "make"),
    [
        (tokens.BadName, lambda: ("  ", ["read"], 1)),
        (tokens.BadName, lambda: ("n" * 61, ["read"], 1)),
        (tokens.NoScope, lambda: ("n", [], 1)),
        (tokens.NoScope, lambda: ("n", ["read", "everything"], 1)),
        (tokens.BadLife, lambda: ("n", ["read"], 0)),
        (tokens.BadLife, lambda: ("n", ["read"], 367)),
    ],
)
def test_a_token_without_name_use_or_end_is_not_made(
    cast: Cast,
    database: Database,
    refusal: type[tokens.TokenError],
    make: Callable[[], tuple[str, list[str], int]],
) -> None:
    with database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == "camat.gambut")).one()
        with pytest.raises(refusal):
            tokens.make(session, person, *make(), THURSDAY)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_has_more_tokens_than_she_can_oversee(cast: Cast, database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        for _ in range(tokens.MOST):
            made(session, "camat.gambut")
        with pytest.raises(tokens.TooMany):
            made(session, "camat.gambut")
        made(session, "sekcam.gambut")


def test_the_last_use_is_written_down_once_an_hour(cast: Cast, database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        made(session, "camat.gambut")
        token = session.scalars(select(Token)).one()
        assert not tokens.is_noted(token, THURSDAY)
        tokens.note_use(session, token.id, THURSDAY)
        session.refresh(token)
        assert tokens.is_noted(token, THURSDAY + timedelta(minutes=59))
        tokens.note_use(session, token.id, THURSDAY + timedelta(minutes=59))
        session.refresh(token)
        assert token.used_at == THURSDAY
        assert not tokens.is_noted(token, THURSDAY + timedelta(minutes=60))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_program_starts_a_case_in_its_office_and_in_no_other(
    cast: Cast, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        gambut, samboja = (
            session.scalars(select(Office).where(Office.slug == slug)).one()
            for slug in ("gambut", "samboja")
        )
        person = Person(account="absensi", name="Absensi", password_hash="", is_system=True)
        session.add(person)
        session.flush()
        session.add(Grant(person_id=person.id, role="sistem", office_id=gambut.id))
        session.flush()
        program = admitted(session, made(session, "absensi"))
        ours = session.scalars(select(Sop).where(Sop.office_id == gambut.id)).one()
        case = cases.start(session, program, ours, "Data kinerja", THURSDAY)
        first = session.scalars(select(Event).where(Event.case_id == case.id)).first()
        theirs = session.scalars(select(Sop).where(Sop.office_id == samboja.id)).first()
        assert theirs is not None
        with pytest.raises(access.Forbidden):
            cases.start(session, program, theirs, "Data kinerja", THURSDAY)
    assert first is not None
    assert first.detail["token"] == program.token
    assert not program.may_somewhere("task.work")
    assert not program.may_somewhere("case.steer")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_program_did_is_told_apart_in_the_history(cast: Cast, database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        program = admitted(session, made(session, "kasubbag.gambut"))
        [(sop, _)] = sops.startable(session, program)
        by_program = cases.start(session, program, sop, "Dari aplikasi", THURSDAY).id
        by_hand = cases.start(session, cast("kasubbag.gambut"), sop, "Sendiri", THURSDAY).id
        said = {
            event.case_id: event.detail.get("token")
            for event in session.scalars(select(Event).where(Event.kind == "started"))
        }
    assert said == {by_program: program.token, by_hand: None}


def test_another_program_cannot_sign_in_with_a_password() -> None:
    program = Person(account="absensi", name="Absensi", password_hash="", is_system=True)
    for password in ("", "coba-alur-bersama"):
        with pytest.raises(people.WrongPassword):
            people.verify(program, password)
