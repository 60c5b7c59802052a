"""Count what each month brought, so that a report need not read every finished step."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNCOUNTED = {
    "task": sa.text("status = 'done' AND NOT tallied"),
    "case": sa.text("ended_at IS NOT NULL AND NOT tallied"),
}


def upgrade() -> None:
    for table, which in UNCOUNTED.items():
        op.add_column(
            table, sa.Column("tallied", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        op.create_index(
            f"ix_{table}_uncounted",
            table,
            ["office_id", "ended_at"],
            sqlite_where=which,
            postgresql_where=which,
        )
    op.create_index("ix_case_started_at", "case", ["sop_id", "tallied", "started_at"])
    over = sa.text("ended_at IS NOT NULL")
    op.create_index(
        "ix_case_ended_at",
        "case",
        ["sop_id", "ended_at"],
        sqlite_where=over,
        postgresql_where=over,
    )
    _of_steps()
    _of_cases()
    # Whoever counts holds this row, so that two do not count into one cell.
    op.execute("INSERT INTO setting (key, value) VALUES ('tally', 'true')")


def _of_steps() -> None:
    op.create_table(
        "tally",
        sa.Column("id", ID, nullable=False),
        sa.Column("sop_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("post_id", ID, nullable=True),
        *_counts("done", "timed", "late", "returned", "paused"),
        *_kept("waited", "worked", "levels", "reasons"),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_tally_office_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_tally_post_id")),
        sa.ForeignKeyConstraint(["sop_id"], ["sop.id"], name=op.f("fk_tally_sop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    op.create_index("ix_tally_sop_id", "tally", ["sop_id", "month"])


def _of_cases() -> None:
    op.create_table(
        "case_tally",
        sa.Column("id", ID, nullable=False),
        sa.Column("sop_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *_counts("started", "done", "cancelled", "late"),
        *_kept("lasted"),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_case_tally_office_id")),
        sa.ForeignKeyConstraint(["sop_id"], ["sop.id"], name=op.f("fk_case_tally_sop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_tally")),
    )
    op.create_index("ix_case_tally_sop_id", "case_tally", ["sop_id", "month"])


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, ID, nullable=False) for name in names]


def _kept(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]
