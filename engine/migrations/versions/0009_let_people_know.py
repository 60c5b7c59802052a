"""Let people know: what each should know, where she is reached, and the messages on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _notice()
    _contact()
    _preference()
    _delivery()
    _telling()


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("task_id", ID, nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("level", ID, nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("weighed_at", INSTANT, nullable=True),
        sa.Column("office_id", ID, nullable=False),
        _reference("notice", "person_id", "person"),
        _reference("notice", "case_id", "case"),
        _reference("notice", "task_id", "task"),
        _reference("notice", "by_id", "person"),
        _reference("notice", "office_id", "office"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "cause", name=op.f("uq_notice_person_id_cause")),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id", "id"])
    _some("ix_notice_unread", "notice", ["person_id", "id"], "read_at IS NULL")
    _some("ix_notice_task_id", "notice", ["task_id"], "read_at IS NULL")
    _some("ix_notice_new", "notice", ["id"], "weighed_at IS NULL")


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("code", sa.String(length=10), nullable=True),
        sa.Column("code_until", INSTANT, nullable=True),
        sa.Column("tries", ID, nullable=False),
        sa.Column("codes_sent", ID, nullable=False),
        sa.Column("codes_since", INSTANT, nullable=True),
        sa.Column("proved_at", INSTANT, nullable=True),
        sa.Column("refused_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("digest_at", INSTANT, nullable=True),
        _reference("contact", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("person_id", "channel", name=op.f("uq_contact_person_id_channel")),
    )
    _some("ix_contact_digest_at", "contact", ["digest_at"], "digest_at IS NOT NULL")


def _preference() -> None:
    op.create_table(
        "preference",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.CheckConstraint("way IN ('off', 'digest', 'at once')", name=op.f("ck_preference_way")),
        _reference("preference", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", "channel", "topic", name=op.f("pk_preference")),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("office_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("send_at", INSTANT, nullable=False),
        sa.Column("taken_until", INSTANT, nullable=True),
        sa.Column("attempts", ID, nullable=False),
        sa.Column("sends", ID, nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_as", sa.String(length=10), nullable=True),
        sa.CheckConstraint("kind IN ('notices', 'digest', 'code')", name=op.f("ck_delivery_kind")),
        sa.CheckConstraint(
            "ended_as IN ('sent', 'failed', 'moot')", name=op.f("ck_delivery_ended_as")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_delivery_ended")
        ),
        _reference("delivery", "contact_id", "contact"),
        _reference("delivery", "office_id", "office"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("contact_id", "day", name=op.f("uq_delivery_contact_id_day")),
    )
    _some("ix_delivery_waiting", "delivery", ["send_at", "id"], "ended_at IS NULL")
    _some("ix_delivery_open", "delivery", ["contact_id"], "ended_at IS NULL")
    _some("ix_delivery_failed", "delivery", ["ended_at", "id"], "ended_as = 'failed'")


def _telling() -> None:
    op.create_table(
        "telling",
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("delivery_id", ID, nullable=True),
        _reference("telling", "notice_id", "notice"),
        _reference("telling", "contact_id", "contact"),
        _reference("telling", "delivery_id", "delivery"),
        sa.PrimaryKeyConstraint("notice_id", "contact_id", name=op.f("pk_telling")),
    )
    op.create_index("ix_telling_delivery_id", "telling", ["delivery_id"])
    _some("ix_telling_for_digest", "telling", ["contact_id"], "delivery_id IS NULL")


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _some(name: str, table: str, columns: list[str], which: str) -> None:
    """An index of only those rows that somebody still has to look at."""
    where = sa.text(which)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
