"""Let an office's hours change, and its open cases follow, each once."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNDER_WAY = sa.text("applied_at IS NOT NULL AND ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("decree", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("applied_by", ID, nullable=True),
        sa.Column("capacity", sa.String(length=300), nullable=True),
        sa.Column("applied_at", INSTANT, nullable=True),
        sa.Column("cursor", ID, nullable=False),
        sa.Column("total", ID, nullable=False),
        sa.Column("done", ID, nullable=False),
        sa.Column("moved", ID, nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("office_id", ID, nullable=False),
        _reference("proposed_by", "person"),
        _reference("applied_by", "person"),
        _reference("office_id", "office"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_index("ix_calendar_change_office_id", "calendar_change", ["office_id", "id"])
    op.create_index("ix_calendar_change_decree", "calendar_change", ["decree"])
    op.create_index(
        "ix_calendar_change_under_way",
        "calendar_change",
        ["id"],
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    # SQLite adds a reference to another table only with the column itself.
    kind = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[op.get_bind().dialect.name]
    op.execute(
        f'ALTER TABLE "case" ADD COLUMN followed_id {kind} '
        "CONSTRAINT fk_case_followed_id REFERENCES calendar_change (id)"
    )


def _reference(column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_calendar_change_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)
