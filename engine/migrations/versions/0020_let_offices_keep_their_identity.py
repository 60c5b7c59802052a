"""Let an office have an emblem, and keep what is done to its settings."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "emblem",
        sa.Column("office_id", ID, nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _reference("emblem", "office_id", "office"),
        _reference("emblem", "by", "person"),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_emblem")),
    )
    # Its digest, so that a page knows of it without asking for it.
    op.add_column("office", sa.Column("emblem", sa.String(length=64), nullable=True))
    op.create_table(
        "office_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'renamed', 'emblem', 'ladder', 'reasons')",
            name=op.f("ck_office_event_kind"),
        ),
        _reference("office_event", "by", "person"),
        _reference("office_event", "office_id", "office"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_event")),
    )
    op.create_index("ix_office_event_office_id", "office_event", ["office_id", "id"])


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
