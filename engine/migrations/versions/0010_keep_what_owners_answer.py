"""Keep what the owner of an SOP answers to its open questions; what was said once stays."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("sop_id", ID, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("capacity", sa.String(length=300), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_reply_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reply_person_id")),
        sa.ForeignKeyConstraint(["sop_id"], ["sop.id"], name=op.f("fk_reply_sop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint(
            "sop_id", "question", "number", name=op.f("uq_reply_sop_id_question_number")
        ),
    )
