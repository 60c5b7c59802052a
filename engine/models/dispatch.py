from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base

_IS_WAITING = text("ended_at IS NULL")


class Dispatch(Base):
    """One line of history on its way to one webhook; the database makes it with the line itself."""

    __tablename__ = "dispatch"
    __table_args__ = (
        CheckConstraint("ended_as IN ('sent', 'dead', 'dropped')", name="ended_as"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        Index(
            "ix_dispatch_waiting",
            "send_at",
            "id",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
        Index("ix_dispatch_webhook_id", "webhook_id", "ended_as", "id"),
        Index("ix_dispatch_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    # None is a trial.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    topic: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    # When it is tried next. Whoever moves this on may try it; a sender that dies gives it back so.
    send_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None] = mapped_column(String(10))
