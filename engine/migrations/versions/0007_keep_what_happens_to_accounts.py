"""Keep what happens to accounts, and who must choose a password of her own first."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    first: sa.Column[bool] = sa.Column(
        "must_change", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("person", first)
    op.create_table(
        "account_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('opened', 'changed', 'reset', 'signed out', 'closed')",
            name=op.f("ck_account_event_kind"),
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_account_event_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_event_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    op.create_index("ix_account_event_person_id", "account_event", ["person_id", "id"])
