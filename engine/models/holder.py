from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Holder(OfOffice, Base):
    """Who holds a post, from when to when, and under which decree."""

    __tablename__ = "holder"
    __table_args__ = (
        CheckConstraint("capacity IN ('definitif', 'plt', 'plh')", name="capacity"),
        Index(
            "ix_holder_wake_at",
            "wake_at",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(10), default="definitif")
    decree: Mapped[str | None] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None]
    # Who said last on which day it ends.
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # When the clock must look: what she has in hand goes back to all who hold the post then.
    wake_at: Mapped[datetime | None]
