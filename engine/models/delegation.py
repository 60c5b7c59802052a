from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice

_IS_OPEN = text("ended_at IS NULL")


class Delegation(OfOffice, Base):
    """Somebody does a step for another: asked by whoever had it, or told to by a leader."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("kind IN ('delegated', 'assigned')", name="kind"),
        # One at a time for each task.
        Index(
            "uq_delegation_open",
            "task_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_delegation_task_id", "task_id"),
        Index("ix_delegation_from_id", "from_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    kind: Mapped[str] = mapped_column(String(10))
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # In whose place, as history will say it: the post and its holder, as they were then.
    capacity: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    # It comes back to whoever asked, who completes it.
    wants_check: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # "returned", "recalled", "completed" or "moved on": nothing more is to come of it.
    ended_as: Mapped[str | None] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(Text, default="")
