"""The demo, served on loopback, on a day that stands still until a story lets it pass."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import flask
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

from engine import demo, people, schema
from engine.db import EVERYWHERE, Database
from engine.models import Event, Holder, Person
from engine.settings import Settings
from tasks import schedule
from tests.conftest import THURSDAY
from tests.web.conftest import Clock, Office
from web import create_app, ticket


class Site:
    """Where officers go, and what happens there while no browser looks."""

    def __init__(self, url: str, app: Flask, database: Database, clock: Clock) -> None:
        self.url, self.app, self.database, self.clock = url, app, database, clock
        self.office = Office(database, clock)

    def ticket(self, account: str) -> str:
        """The cookie she would have from signing in: most stories begin after that."""
        with self.database.reading(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        with self.app.test_request_context():
            ticket.issue(person, self.clock())
            return str(signer.dumps(dict(flask.session)))

    def ticks(self) -> None:
        """Let the clock look round once, as the program does each second."""
        schedule.tick(self.database, self.clock())

    def history(self, case: int) -> list[str]:
        """What is remembered of a case, whatever a page may show of it."""
        with self.database.reading(EVERYWHERE) as session:
            kinds = select(Event.kind).where(Event.case_id == case).order_by(Event.id)
            return list(session.scalars(kinds))

    def shares_post(self, holder: str, account: str, name: str) -> None:
        """From today somebody new holds the same post as well."""
        with self.database.transaction(EVERYWHERE) as session:
            held = session.scalars(
                select(Holder).join(Person, Person.id == Holder.person_id).filter_by(account=holder)
            ).one()
            password = people.hash_password(demo.PASSWORD)
            second = Person(account=account, name=name, password_hash=password)
            session.add(second)
            session.flush()
            session.add(
                Holder(
                    office_id=held.office_id,
                    post_id=held.post_id,
                    person_id=second.id,
                    starts_on=THURSDAY.date(),
                )
            )


def fill(folder: Path) -> Path:
    """A database with the five offices, their SOPs and their people, to be copied."""
    path = folder / "alur.db"
    database = Database(f"sqlite:///{path}")
    schema.prepare(database.bind)
    with database.transaction(EVERYWHERE) as session:
        demo.fill(session, THURSDAY)
    database.close()  # folds the journal into the one file
    return path


@contextmanager
def open_site(filled: Path, folder: Path) -> Iterator[Site]:
    """Alur as it is really served, on a copy of the filled database."""
    shutil.copy(filled, folder / "alur.db")
    database, clock = Database(f"sqlite:///{folder / 'alur.db'}"), Clock()
    app = create_app(Settings(data=folder), database, clock)
    with _served(app) as url:
        yield Site(url, app, database, clock)
    database.close()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    _stop(server)
    thread.join(timeout=10)


def _stop(server: TcpWSGIServer) -> None:
    """Its loop ends when nothing is left to listen to; only the loop itself may close that."""
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
