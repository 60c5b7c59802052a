"""Let lateness climb from desk to desk, clocks rest, and whoever was late say why."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
IS_DONE = sa.text("status = 'done'")
CLIMBS = sa.text("climb_at IS NOT NULL")


def upgrade() -> None:
    _of_tasks()
    _of_others()
    op.create_table(
        "pause",
        sa.Column("id", ID, nullable=False),
        sa.Column("task_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("awaited", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_pause_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_pause_ended_by")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_pause_office_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_pause_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index("ix_pause_task_id", "pause", ["task_id"])
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("slot", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )


def _of_tasks() -> None:
    for column in (
        sa.Column("late_reason", sa.String(length=40), nullable=True),
        sa.Column("late_note", sa.Text(), nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("paused_for", ID, nullable=False, server_default="0"),
        sa.Column("waited", ID, nullable=True),
        sa.Column("worked", ID, nullable=True),
        sa.Column("level", ID, nullable=False, server_default="0"),
        sa.Column("climb_at", INSTANT, nullable=True),
        sa.Column("priority", ID, nullable=False, server_default="0"),
    ):
        op.add_column("task", column)
    # What was late already has been told to the first level.
    op.execute("UPDATE task SET level = 1 WHERE id IN (SELECT task_id FROM escalation)")
    for name, columns, which in (
        ("ix_task_climb_at", ["climb_at", "id"], CLIMBS),
        ("ix_task_ended_at", ["office_id", "ended_at"], IS_DONE),
    ):
        op.create_index(name, "task", columns, sqlite_where=which, postgresql_where=which)


def _of_others() -> None:
    op.add_column("case", sa.Column("priority", ID, nullable=False, server_default="0"))
    op.add_column("office", sa.Column("ladder", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "office", sa.Column("late_reasons", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("sop", sa.Column("ladder", sa.JSON(), nullable=True))
    op.create_index("ix_escalation_office_id", "escalation", ["office_id", "due_at"])
    # SQLite adds a reference to another table only with the column itself.
    kind = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[op.get_bind().dialect.name]
    for table, column, other in (
        ("escalation", "acknowledged_by", "person"),
        ("post", "superior_id", "post"),
    ):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {kind} "
            f"CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)"
        )
    op.add_column("escalation", sa.Column("acknowledged_at", INSTANT, nullable=True))
