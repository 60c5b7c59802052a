"""Know a completion that is sent again: the key with which the task was completed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("sent_as", sa.String(length=80), nullable=True))
