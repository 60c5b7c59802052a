"""Let leaders assess their SOPs every half-year, by a rule of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("office", sa.Column("assessing", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "assessment",
        sa.Column("id", ID, nullable=False),
        sa.Column("sop_id", ID, nullable=False),
        sa.Column("half", sa.String(length=6), nullable=False),
        sa.Column("verdict", sa.String(length=5), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("capacity", sa.String(length=300), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.CheckConstraint("verdict IN ('baik', 'tidak')", name=op.f("ck_assessment_verdict")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_assessment_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")),
        sa.ForeignKeyConstraint(["sop_id"], ["sop.id"], name=op.f("fk_assessment_sop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("sop_id", "half", name=op.f("uq_assessment_sop_id_half")),
    )
