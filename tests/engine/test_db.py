"""A session sees the offices of its scope, and nothing else, whatever the query forgot."""

import pytest
from sqlalchemy import func, select, update

from engine.db import EVERYWHERE, Database
from engine.models import Office, Post
from tests.conftest import Cast


def office_id(cast: Cast, slug: str) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Office.id).where(Office.slug == slug)).one()


def test_a_query_that_forgot_its_office_finds_only_the_own(cast: Cast) -> None:
    gambut, sumbang = office_id(cast, "gambut"), office_id(cast, "sumbang")
    with cast.database.reading(frozenset({gambut})) as session:
        posts = session.scalars(select(Post)).all()
        assert {post.office_id for post in posts} == {gambut}
    with cast.database.reading(EVERYWHERE) as session:
        others = session.scalars(select(Post.id).where(Post.office_id == sumbang)).all()
    with cast.database.reading(frozenset({gambut})) as session:
        assert session.get(Post, others[0]) is None
        counted = select(func.count(Post.id)).where(Post.id.in_(others))
        assert session.scalar(counted) == 0


def test_a_change_reaches_no_row_of_another_office(cast: Cast) -> None:
    gambut, sumbang = office_id(cast, "gambut"), office_id(cast, "sumbang")
    with cast.database.transaction(frozenset({gambut})) as session:
        session.execute(update(Post).values(name="diubah"))
    with cast.database.reading(EVERYWHERE) as session:
        names = session.scalars(select(Post.name).where(Post.office_id == sumbang)).all()
        assert "diubah" not in names


def test_an_empty_scope_sees_nothing(cast: Cast) -> None:
    with cast.database.reading(frozenset()) as session:
        assert session.scalars(select(Post)).all() == []


def test_an_error_rolls_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction(EVERYWHERE) as session:
        session.add(
            Office(code="1", slug="a", name="A", kabupaten="K", province="P", zone="Z", calendar={})
        )
        session.flush()
        raise ZeroDivisionError
    with database.reading(EVERYWHERE) as session:
        assert session.scalar(select(func.count(Office.id))) == 0


def test_what_a_reader_changes_is_dropped(cast: Cast) -> None:
    with cast.database.reading(EVERYWHERE) as session:
        session.execute(update(Post).values(name="diubah"))
    with cast.database.reading(EVERYWHERE) as session:
        assert "diubah" not in session.scalars(select(Post.name)).all()
