"""Count what programs ask in a minute, over all processes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "allowance",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("minute", ID, nullable=False),
        sa.Column("drawn", ID, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_allowance")),
    )
