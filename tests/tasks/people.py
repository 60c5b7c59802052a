"""Somebody more in an office, or a post more for somebody, for the stories that need two."""

from sqlalchemy import select

from engine.db import EVERYWHERE
from engine.models import Holder, Office, Person, Post
from tests.conftest import THURSDAY, Cast


def joins(cast: Cast, account: str, name: str, post: str) -> int:
    """Somebody new who holds this post of her account's office beside whoever holds it."""
    office = account.partition(".")[2]
    with cast.database.transaction(EVERYWHERE) as session:
        person = Person(account=account, name=name, password_hash="-")
        session.add(person)
        session.flush()
        held = session.scalars(
            select(Post).join(Office).where(Office.slug == office, Post.slug == post)
        ).one()
        session.add(
            Holder(
                office_id=held.office_id,
                post_id=held.id,
                person_id=person.id,
                starts_on=THURSDAY.date(),
            )
        )
        return person.id


def id_of(cast: Cast, account: str) -> int:
    person_id = cast(account).person_id
    assert person_id is not None
    return person_id
