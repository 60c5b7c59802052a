"""Let people talk about a case; tell apart which page kept a draft, and what was ticked off."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _comment()
    _mention()
    op.add_column("draft", sa.Column("page", sa.String(length=30), nullable=True))
    op.add_column("task", sa.Column("checked", sa.JSON(none_as_null=True), nullable=True))


def _comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("task_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.Column("office_id", ID, nullable=False),
        _reference("comment", "case_id", "case"),
        _reference("comment", "task_id", "task"),
        _reference("comment", "person_id", "person"),
        _reference("comment", "office_id", "office"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_case_id", "comment", ["case_id", "id"])


def _mention() -> None:
    op.create_table(
        "mention",
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("written", sa.String(length=200), nullable=False),
        _reference("mention", "comment_id", "comment"),
        _reference("mention", "person_id", "person"),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_mention")),
    )


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
