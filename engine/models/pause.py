from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Pause(OfOffice, Base):
    """A step's clock stood still: why, for what, and who stopped and started it."""

    __tablename__ = "pause"
    __table_args__ = (Index("ix_pause_task_id", "task_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    reason: Mapped[str] = mapped_column(Text)
    # What must come before it goes on: the applicant's missing paper.
    awaited: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
