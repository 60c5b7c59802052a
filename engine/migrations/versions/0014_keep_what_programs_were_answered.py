"""Keep what programs were answered, and what they had asked."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipt", sa.Column("request", sa.String(length=64), nullable=True))
    op.add_column("receipt", sa.Column("status", sa.Integer(), nullable=True))
    op.add_column("receipt", sa.Column("body", sa.Text(), nullable=True))
    op.create_index("ix_receipt_at", "receipt", ["at"])
