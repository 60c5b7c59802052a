from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    TextClause,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.models.base import Base, OfOffice

_IS_SUSPENDED = text("status = 'suspended'")
_IS_OVER = text("ended_at IS NOT NULL")
_IS_UNCOUNTED = text("ended_at IS NOT NULL AND NOT tallied")
_IS_OPEN = text("status IN ('running', 'suspended')")


class Case(OfOffice, Base):
    """A berkas: one run of an SOP, on the revision it began with."""

    __tablename__ = "case"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'suspended', 'done', 'cancelled')", name="status"),
        Index("ix_case_wake_at", "wake_at", postgresql_where=text("wake_at IS NOT NULL")),
        Index("ix_case_office_id_status", "office_id", "status", "id"),
        Index("ix_case_open", "status", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(
            "ix_case_suspended",
            "office_id",
            "id",
            sqlite_where=_IS_SUSPENDED,
            postgresql_where=_IS_SUSPENDED,
        ),
        Index("ix_case_started_at", "sop_id", "tallied", "started_at"),
        Index(
            "ix_case_ended_at",
            "sop_id",
            "ended_at",
            sqlite_where=_IS_OVER,
            postgresql_where=_IS_OVER,
        ),
        Index(
            "ix_case_uncounted",
            "office_id",
            "ended_at",
            sqlite_where=_IS_UNCOUNTED,
            postgresql_where=_IS_UNCOUNTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="running")
    state: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    # 0 ordinary, 1 urgent, 2 most urgent: as letters of an office are.
    priority: Mapped[int] = mapped_column(default=0)
    # The last change of its office's hours by which its due times are reckoned.
    followed_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_change.id"))
    # Whether its month has counted it: see engine/tallies.py.
    tallied: Mapped[bool] = mapped_column(default=False)
    # When the clock must look at this case next; nothing else makes it look.
    wake_at: Mapped[datetime | None]
    # The head of the history's hash chain.
    events: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")


def is_open() -> ColumnElement[bool]:
    """In full, as in the index of just these: see engine/models/task.py."""
    return Case.status.in_([literal_column(f"'{status}'") for status in ("running", "suspended")])


def is_suspended() -> TextClause:
    """Its clock stands still: in the index's own words."""
    return text("\"case\".status = 'suspended'")


def is_uncounted() -> TextClause:
    """Over, and not in its month's tally yet: in the index's own words."""
    return text('"case".ended_at IS NOT NULL AND NOT "case".tallied')
