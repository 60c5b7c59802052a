"""Seal each day's history, and let a chore that was cut be done by another clock."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNSOLVED = sa.text("resolved_at IS NULL")
OPEN = sa.text("status IN ('running', 'suspended')")


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("last", ID, nullable=False),
        sa.Column("count", ID, nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_anchor")),
    )
    op.add_column("chore", sa.Column("taken_until", INSTANT, nullable=True))
    op.create_index("ix_case_open", "case", ["status"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_incident_open",
        "incident",
        ["case_id"],
        sqlite_where=UNSOLVED,
        postgresql_where=UNSOLVED,
    )
