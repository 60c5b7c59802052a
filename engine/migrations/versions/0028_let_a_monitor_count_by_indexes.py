"""Let the monitor count what is open, stands still or is stuck from indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COUNTED = [
    *("office_id", "due_at", "id", "priority"),
    *("status", "opened_at", "paused_at", "post_id", "case_id"),
    *("claimed_by", "sop_id", "step"),
]


def upgrade() -> None:
    op.drop_index("ix_task_office", "task")
    _partial("ix_task_office", "task", COUNTED, "status IN ('waiting', 'claimed')")
    _partial("ix_case_suspended", "case", ["office_id", "id"], "status = 'suspended'")
    op.drop_index("ix_incident_open", "incident")
    _partial("ix_incident_open", "incident", ["office_id", "at", "id"], "resolved_at IS NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
