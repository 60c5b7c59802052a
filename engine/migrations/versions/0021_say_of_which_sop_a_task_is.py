"""Say of which SOP a task is, so that what stands on its steps is counted by an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("status IN ('waiting', 'claimed')")


def upgrade() -> None:
    # SQLite adds a reference to another table only with the column itself.
    kind = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[op.get_bind().dialect.name]
    op.execute(
        f"ALTER TABLE task ADD COLUMN sop_id {kind} CONSTRAINT fk_task_sop_id REFERENCES sop (id)"
    )
    op.execute(
        'UPDATE task SET sop_id = (SELECT sop_id FROM "case" WHERE "case".id = task.case_id)'
    )
    op.create_index(
        "ix_task_standing",
        "task",
        ["sop_id", "step", "post_id", "status", "due_at", "paused_at"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
