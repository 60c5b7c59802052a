"""Start cases from a list: its rows wait here, and know what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNDER_WAY = sa.text("begun_at IS NOT NULL AND stopped_at IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("sop_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_batch_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_person_id")),
        sa.ForeignKeyConstraint(["sop_id"], ["sop.id"], name=op.f("fk_batch_sop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_person_id", "batch", ["person_id", "id"])
    op.create_index(
        "ix_batch_under_way", "batch", ["id"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
    )
    op.create_table(
        "batch_row",
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("same_as", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_row_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_batch_row_case_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_batch_row_office_id")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_row")),
    )
