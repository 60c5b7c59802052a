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
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.models.base import Base, OfOffice

OPEN = ("waiting", "claimed")
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
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_task_mine",
            "claimed_by",
            "due_at",
            "id",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_task_office",
            "office_id",
            "due_at",
            "id",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_task_ended_by", "ended_by", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    engine_id: Mapped[str] = mapped_column(String(36))
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
    # What of the step's kelengkapan was ticked off when it was completed, counted from 1.
    checked: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # What its form was answered; lists of tasks do without it.
    data: Mapped[dict[str, Any] | None] = deferred(
        mapped_column(JSON(none_as_null=True), nullable=True)
    )


def is_open() -> ColumnElement[bool]:
    """In full, not as parameters: so SQLite sees that an index of open tasks serves."""
    return Task.status.in_([literal_column(f"'{status}'") for status in OPEN])
