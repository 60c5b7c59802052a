from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Escalation(OfOffice, Base):
    """A step went past its mutu baku waktu: once a task and level, dated from its due time."""

    __tablename__ = "escalation"
    __table_args__ = (
        UniqueConstraint("task_id", "level"),
        Index("ix_escalation_office_id", "office_id", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    level: Mapped[int]
    due_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    # Somebody who was told has said that she knows.
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime | None]
