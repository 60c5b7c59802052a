"""Officers at their browsers: each visitor keeps her own cookies and reads what she gets."""

import re
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import access, cases, demo, schema, sops, tokens
from engine.db import EVERYWHERE, Database
from engine.models import Person, Task
from engine.settings import Settings
from tasks import inbox
from tests import fillings
from tests.conftest import THURSDAY
from web import create_app

SECRET = "5e" * 32


class Clock:
    """Time that stands still until a story lets it pass."""

    def __init__(self) -> None:
        self.now = THURSDAY

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


class Visitor:
    """Somebody at a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def opens(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def sends(
        self, path: str, headers: dict[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        """Send a form with the token that its page carried."""
        with self.client.session_transaction() as session:
            secret = bytes.fromhex(session.setdefault("csrf", SECRET))
        token = urlsafe_b64encode(bytes(len(secret)) + secret).decode()
        return self.client.post(path, data={"csrf_token": token, **fields}, headers=headers)

    def signs_in(self, account: str, password: str = demo.PASSWORD, **fields: str) -> TestResponse:
        return self.sends("/sign-in", account=account, password=password, **fields)


class Program:
    """Another program, with a token in somebody's name."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def asks(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open("/api/v1" + path, method=method, headers=headers, **options)

    def gets(self, path: str, **options: Any) -> Any:
        """What the API gives, where it gives something."""
        answer = self.asks("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json


class Office:
    """What went on before the story: cases begun and steps done, straight on the lower floors."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def starts(self, title: str = "Data kinerja triwulan I", who: str = "kasubbag.gambut") -> int:
        with self.database.transaction(EVERYWHERE) as session:
            actor = self._actor(session, who)
            sop, _ = sops.startable(session, actor)[0]
            return cases.start(session, actor, sop, title, self.clock()).id

    def claims(self, who: str, case: int) -> int:
        with self.database.transaction(EVERYWHERE) as session:
            task = self.task(session, who, case)
            inbox.claim(session, self._actor(session, who), task, self.clock())
            return task

    def completes(
        self,
        who: str,
        case: int,
        outcome: str | None = None,
        reason: str = "",
        data: dict[str, Any] | None = None,
    ) -> int:
        task, now = self.claims(who, case), self.clock()
        with self.database.transaction(EVERYWHERE) as session:
            actor = self._actor(session, who)
            data = data or fillings.least(session, task)
            inbox.complete(session, actor, task, now, outcome=outcome, reason=reason, data=data)
            return task

    def does(self, who: str, deed: Callable[..., Any], *facts: Any) -> None:
        with self.database.transaction(EVERYWHERE) as session:
            deed(session, self._actor(session, who), *facts, self.clock())

    def waiting(self, who: str, case: int) -> int:
        with self.database.reading(EVERYWHERE) as session:
            return self.task(session, who, case)

    def task(self, session: Any, who: str, case: int) -> int:
        posts = [held.post_id for held in self._actor(session, who).posts]
        waiting = select(Task.id).where(Task.case_id == case, Task.status == "waiting")
        return session.scalars(waiting.where(Task.post_id.in_(posts))).one()

    def _actor(self, session: Any, who: str) -> access.Actor:
        person = session.scalars(select(Person).where(Person.account == who)).one()
        return access.actor(session, person, self.clock())


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five offices and their cast, made once: every test works on a copy."""
    path = tmp_path_factory.mktemp("demo") / "alur.db"
    database = Database(f"sqlite:///{path}")
    schema.prepare(database.bind)
    with database.transaction(EVERYWHERE) as session:
        demo.fill(session, THURSDAY)
    database.close()  # folds the journal into the one file that is copied
    return path


@pytest.fixture
def database(filled: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(filled, tmp_path / "alur.db")
    database = Database(f"sqlite:///{tmp_path / 'alur.db'}")
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(database: Database, clock: Clock) -> Office:
    return Office(database, clock)


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: Clock) -> Flask:
    return create_app(Settings(data=tmp_path), database, clock)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def visitor(app: Flask, database: Database, clock: Clock) -> Callable[[str], Visitor]:
    """`visitor("camat.gambut")` is she, already signed in."""

    def signed_in(account: str) -> Visitor:
        with database.reading(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
        client = app.test_client()
        now = clock().timestamp()
        with client.session_transaction() as cookie:
            cookie.update(person=person.id, epoch=person.epoch, since=now, seen=now, csrf=SECRET)
        return Visitor(client)

    return signed_in


@pytest.fixture
def program(app: Flask, database: Database, clock: Clock) -> Callable[..., Program]:
    """`program("camat.gambut")` may all that she may; `program("camat.gambut", "read")` less."""

    def admitted(account: str, *scopes: str) -> Program:
        with database.transaction(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
            _, text = tokens.make(
                session, person, "uji", scopes or tuple(access.SCOPES), 30, clock()
            )
        # No cookie is kept: what one request leaves behind must not help the next.
        return Program(app.test_client(use_cookies=False), text)

    return admitted


def seen(answer: TestResponse) -> str:
    """What somebody reads on the page, without the machinery."""
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", answer.text)
    return " ".join(body.split())
