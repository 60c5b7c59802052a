"""Keep that a person's own data was erased, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = (
    "kind IN ('opened', 'changed', 'reset', 'signed out', 'closed', 'granted', 'revoked', 'erased')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # SQLite changes no constraint: the table is written anew.
        with op.batch_alter_table("account_event", copy_from=_events(), recreate="always"):
            pass
    else:
        op.drop_constraint(op.f("ck_account_event_kind"), "account_event", type_="check")
        op.create_check_constraint(op.f("ck_account_event_kind"), "account_event", KINDS)


def _events() -> sa.Table:
    return sa.Table(
        "account_event",
        sa.MetaData(),
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_account_event_kind")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_account_event_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_event_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
        sa.Index("ix_account_event_person_id", "person_id", "id"),
    )
