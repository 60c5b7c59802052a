"""Say who recorded a holder, when the clock must look at her, and which posts several hold."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WAKES = sa.text("wake_at IS NOT NULL")


def upgrade() -> None:
    # Whatever is there was allowed to several; an administrator says otherwise.
    allowed: sa.Column[bool] = sa.Column(
        "shared", sa.Boolean(), nullable=False, server_default=sa.true()
    )
    op.add_column("post", allowed)
    kind = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[op.get_bind().dialect.name]
    for column in ("recorded_by", "ended_by"):
        op.execute(
            f"ALTER TABLE holder ADD COLUMN {column} {kind} "
            f"CONSTRAINT fk_holder_{column} REFERENCES person (id)"
        )
    op.add_column("holder", sa.Column("recorded_at", INSTANT, nullable=True))
    op.add_column("holder", sa.Column("wake_at", INSTANT, nullable=True))
    op.create_index(
        "ix_holder_wake_at", "holder", ["wake_at"], sqlite_where=WAKES, postgresql_where=WAKES
    )
    # The clock looks at once, and puts it off to the day that it ends in its own zone.
    holder = sa.table("holder", sa.column("ends_on"), sa.column("wake_at", INSTANT))
    ends = holder.c.ends_on.is_not(None)
    op.execute(holder.update().where(ends).values(wake_at=datetime.now(UTC)))
