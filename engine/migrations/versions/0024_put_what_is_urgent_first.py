"""Let the lists of open tasks be put in order by how urgent a task is, from their indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("status IN ('waiting', 'claimed')")


def upgrade() -> None:
    for name, first in (
        ("ix_task_open", "post_id"),
        ("ix_task_mine", "claimed_by"),
        ("ix_task_office", "office_id"),
    ):
        op.drop_index(name, "task")
        op.create_index(
            name,
            "task",
            [first, "due_at", "id", "priority"],
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        )
