"""Find cases by their words: titles and what steps were answered, in the database's own index."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_passage_case_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_passage_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("case_id", name=op.f("uq_passage_case_id")),
    )
    for statement in INDEXES[op.get_bind().dialect.name]:
        op.execute(statement)
    _fill()


INDEXES = {
    "sqlite": [
        """CREATE VIRTUAL TABLE passage_words USING fts5(
               words, content='passage', content_rowid='id', prefix='2 3',
               tokenize='unicode61 remove_diacritics 2')""",
        """CREATE TRIGGER passage_insert AFTER INSERT ON passage BEGIN
               INSERT INTO passage_words(rowid, words) VALUES (new.id, new.words); END""",
        """CREATE TRIGGER passage_delete AFTER DELETE ON passage BEGIN
               INSERT INTO passage_words(passage_words, rowid, words)
               VALUES ('delete', old.id, old.words); END""",
        """CREATE TRIGGER passage_update AFTER UPDATE ON passage BEGIN
               INSERT INTO passage_words(passage_words, rowid, words)
               VALUES ('delete', old.id, old.words);
               INSERT INTO passage_words(rowid, words) VALUES (new.id, new.words); END""",
    ],
    "postgresql": [
        "CREATE INDEX ix_passage_words ON passage USING gin (to_tsvector('simple', words))",
    ],
}

CASE = sa.table("case", *map(sa.column, ("id", "office_id", "sop_id", "title")))
SOP = sa.table("sop", *map(sa.column, ("id", "name")))
TASK = sa.table("task", *map(sa.column, ("office_id", "case_id")), sa.column("data", sa.JSON()))
PASSAGE = sa.table("passage", *map(sa.column, ("office_id", "case_id", "words")))


def _fill() -> None:
    """What is known already must be found as well."""
    bind = op.get_bind()
    titles = sa.select(CASE.c.office_id, CASE.c.id, CASE.c.title + " " + SOP.c.name)
    titles = titles.join(SOP, SOP.c.id == CASE.c.sop_id).order_by(CASE.c.id)
    for rows in bind.execute(titles).partitions(500):
        cases = [case_id for _, case_id, _ in rows]
        answers: dict[int, list[Any]] = {}
        said = sa.select(TASK.c.case_id, TASK.c.data).where(
            TASK.c.data.is_not(sa.null()), TASK.c.case_id.in_(cases)
        )
        for case_id, data in bind.execute(said):
            answers.setdefault(case_id, []).append(data)
        known = [_row(office, id, [title, answers.get(id)]) for office, id, title in rows]
        bind.execute(sa.insert(PASSAGE), known)


def _row(office_id: int, case_id: int, content: Any) -> dict[str, Any]:
    plain = unicodedata.normalize("NFKD", " ".join(_texts(content))[:200_000].casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = " ".join([*re.findall(r"[^\W_]+", plain), f"xkantorx{office_id}"])
    return {"office_id": office_id, "case_id": case_id, "words": words}


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, (dict, list)):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _texts(inner)
