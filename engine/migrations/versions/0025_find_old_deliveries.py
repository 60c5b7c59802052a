"""Find what was delivered long ago, to forget it."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_delivery_ended_at", "delivery", ["ended_at"])
