"""Check that somebody knows the password of an account, at the door and at a changed lock alike."""

from datetime import datetime

from flask import current_app

from engine import people
from engine.db import EVERYWHERE, Database
from engine.models import Person


def checked(account: str, password: str) -> Person:
    """Three short steps: nobody waits for the database while a password is checked."""
    database: Database = current_app.extensions["database"]
    now: datetime = current_app.extensions["clock"]()
    with database.transaction(EVERYWHERE) as session:
        people.note_attempt(session, account, now)
    with database.reading(EVERYWHERE) as session:
        person = people.find(session, account)
    person = people.verify(person, password)
    with database.transaction(EVERYWHERE) as session:
        people.forget_attempts(session, account)
    return person
