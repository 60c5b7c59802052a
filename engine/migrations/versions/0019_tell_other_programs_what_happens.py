"""Tell other programs what happens: every line of history is put on its way as it is written.

By the database itself: no writer of history can forget it, and where nobody listens it costs a
look at an empty table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("ended_at IS NULL")

# What is not of a task, or would be of the whole case though a task led to it.
TOPIC = """CASE
    WHEN NEW.kind = 'late' OR NEW.kind LIKE 'escalat%' THEN 'escalation'
    WHEN NEW.task_id IS NULL OR NEW.kind IN ('moved', 'stuck') THEN 'case'
    ELSE 'task' END"""
# Nobody's words are in it: it is put together of what stands here.
PUT = f"""INSERT INTO dispatch (webhook_id, event_id, topic, at, send_at, tries)
    SELECT w.id, NEW.id, {TOPIC}, NEW.at, NEW.at, 0 FROM webhook AS w
    WHERE w.ended_at IS NULL AND (w.office_id IS NULL OR w.office_id = NEW.office_id)
    AND ' ' || w.topics || ' ' LIKE '% ' || {TOPIC} || ' %'"""  # noqa: S608
TRIGGERS = {
    "sqlite": [f"CREATE TRIGGER event_dispatch AFTER INSERT ON event BEGIN {PUT}; END"],
    "postgresql": [
        f"""CREATE FUNCTION put_on_its_way() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN {PUT}; RETURN NULL; END $$""",
        """CREATE TRIGGER event_dispatch AFTER INSERT ON event
           FOR EACH ROW EXECUTE FUNCTION put_on_its_way()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("topics", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.String(length=60), nullable=False),
        sa.Column("made_by", ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_webhook_office_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_webhook_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(
        "ix_webhook_office_id",
        "webhook",
        ["office_id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_table(
        "dispatch",
        sa.Column("id", ID, nullable=False),
        sa.Column("webhook_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("topic", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("send_at", INSTANT, nullable=False),
        sa.Column("tries", ID, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_as", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "ended_as IN ('sent', 'dead', 'dropped')", name=op.f("ck_dispatch_ended_as")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_dispatch_ended")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_dispatch_event_id")),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_dispatch_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    op.create_index(
        "ix_dispatch_waiting",
        "dispatch",
        ["send_at", "id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("ix_dispatch_webhook_id", "dispatch", ["webhook_id", "ended_as", "id"])
    op.create_index("ix_dispatch_ended_at", "dispatch", ["ended_at"])
    op.create_table(
        "attempted",
        sa.Column("id", ID, nullable=False),
        sa.Column("dispatch_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", ID, nullable=True),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("milliseconds", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_attempted_dispatch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempted")),
    )
    op.create_index("ix_attempted_dispatch_id", "attempted", ["dispatch_id", "id"])
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)
