"""Find the open tasks of an office, and the filters it shares, without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("status IN ('waiting', 'claimed')")


def upgrade() -> None:
    op.create_index(
        "ix_task_office",
        "task",
        ["office_id", "due_at", "id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("ix_saved_filter_office_id", "saved_filter", ["office_id"])
