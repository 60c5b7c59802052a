from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.models.base import Base, OfOffice

OPEN = ("waiting", "claimed")
_IS_DONE = text("status = 'done'")
_IS_UNCOUNTED = text("status = 'done' AND NOT tallied")
_IS_OPEN = text("status IN ('waiting', 'claimed')")


class Task(OfOffice, Base):
    """One langkah of one case, waiting for whoever holds its post."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "engine_id"),
        CheckConstraint("status IN ('waiting', 'claimed', 'done', 'cancelled')", name="status"),
        CheckConstraint("(status = 'claimed') <= (claimed_by IS NOT NULL)", name="claimed"),
        Index(
            "ix_task_open",
            "post_id",
            "due_at",
            "id",
            "priority",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_task_mine",
            "claimed_by",
            "due_at",
            "id",
            "priority",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_task_office",
            "office_id",
            "due_at",
            "id",
            "priority",
            # All that the monitor counts by: it reads no table for that.
            "status",
            "opened_at",
            "paused_at",
            "post_id",
            "case_id",
            "claimed_by",
            "sop_id",
            "step",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_task_standing",
            "sop_id",
            "step",
            "post_id",
            "status",
            "due_at",
            "paused_at",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_task_ended_by", "ended_by", "ended_at"),
        Index(
            "ix_task_climb_at",
            "climb_at",
            "id",
            sqlite_where=text("climb_at IS NOT NULL"),
            postgresql_where=text("climb_at IS NOT NULL"),
        ),
        Index(
            "ix_task_ended_at",
            "office_id",
            "ended_at",
            sqlite_where=_IS_DONE,
            postgresql_where=_IS_DONE,
        ),
        Index(
            "ix_task_uncounted",
            "office_id",
            "ended_at",
            sqlite_where=_IS_UNCOUNTED,
            postgresql_where=_IS_UNCOUNTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    # Its case's, so that what stands on the steps of an SOP is counted by an index alone.
    sop_id: Mapped[int | None] = mapped_column(ForeignKey("sop.id"))
    # Tells SQLAlchemy which row is which, so that seven members' tasks are one INSERT.
    engine_id: Mapped[str] = mapped_column(String(36), insert_sentinel=True)
    step: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(400))
    lane: Mapped[str] = mapped_column(String(120))
    # None when no post of the office bears the lane's jabatan: shown to the leaders at once.
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    # Which member of a repeat it is for, counted from 0.
    member: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(20), default="waiting")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    # In whose name, when a substitute did it: it counts as the deed of both.
    ended_for: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Text)
    # Why it was late, as whoever finished it says: one of the office's reasons, and a word.
    late_reason: Mapped[str | None] = mapped_column(String(40))
    late_note: Mapped[str | None] = mapped_column(Text)
    # Since when its clock stands still; what its pauses came to, in seconds of working time.
    paused_at: Mapped[datetime | None]
    paused_for: Mapped[int] = mapped_column(default=0)
    # Once it is done: seconds of working time until it was claimed, and from then on, pauses apart.
    waited: Mapped[int | None]
    worked: Mapped[int | None]
    # Whether its month has counted it: see engine/tallies.py.
    tallied: Mapped[bool] = mapped_column(default=False)
    # The highest level told of its lateness, and when the clock must look at it next.
    level: Mapped[int] = mapped_column(default=0)
    climb_at: Mapped[datetime | None]
    # As its case's: 0 ordinary, 1 urgent, 2 most urgent.
    priority: Mapped[int] = mapped_column(default=0)
    # What of the step's kelengkapan was ticked off when it was completed, counted from 1.
    checked: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # The key of the completion that did it: sent again over a bad line, it is known by this.
    sent_as: Mapped[str | None] = mapped_column(String(80))
    # What its form was answered; lists of tasks do without it.
    data: Mapped[dict[str, Any] | None] = deferred(
        mapped_column(JSON(none_as_null=True), nullable=True)
    )


def is_open() -> ColumnElement[bool]:
    """In full, not as parameters: so SQLite sees that an index of open tasks serves."""
    return Task.status.in_([literal_column(f"'{status}'") for status in OPEN])


def is_late(now: datetime) -> ColumnElement[bool]:
    """Past its due time, with its clock running."""
    return and_(Task.due_at <= now, Task.paused_at.is_(None))


def is_uncounted() -> TextClause:
    """Finished, and not in its month's tally yet: in the index's own words."""
    return text("task.status = 'done' AND NOT task.tallied")
