from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Attempted(Base):
    """One time that a dispatch was tried, and what came of it."""

    __tablename__ = "attempted"
    __table_args__ = (Index("ix_attempted_dispatch_id", "dispatch_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatch.id"))
    at: Mapped[datetime]
    # What was answered, if anything was.
    status: Mapped[int | None]
    why: Mapped[str | None] = mapped_column(String(300))
    milliseconds: Mapped[int]
