"""Remember who is away and who does her work meanwhile; and in whose name a step was done."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WAKES = sa.text("wake_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("substitute_id", ID, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("cancelled_by", ID, nullable=True),
        sa.Column("begun_at", INSTANT, nullable=True),
        sa.Column("wake_at", INSTANT, nullable=True),
        sa.Column("office_id", ID, nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_absence_period")),
        sa.CheckConstraint("person_id <> substitute_id", name=op.f("ck_absence_substitute")),
        sa.CheckConstraint(
            "reason IN ('cuti', 'dinas luar', 'pelatihan', 'lain')", name=op.f("ck_absence_reason")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_absence_{column}"))
            for column, table in (
                ("cancelled_by", "person"),
                ("office_id", "office"),
                ("person_id", "person"),
                ("recorded_by", "person"),
                ("substitute_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id", "ends_on"])
    op.create_index("ix_absence_substitute_id", "absence", ["substitute_id", "ends_on"])
    op.create_index("ix_absence_office_id", "absence", ["office_id", "ends_on", "id"])
    op.create_index(
        "ix_absence_wake_at", "absence", ["wake_at"], sqlite_where=WAKES, postgresql_where=WAKES
    )
    # SQLite takes a reference to another table only in the line that adds the column.
    kind = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[op.get_bind().dialect.name]
    op.execute(
        f"ALTER TABLE task ADD COLUMN ended_for {kind} "
        "CONSTRAINT fk_task_ended_for REFERENCES person (id)"
    )
