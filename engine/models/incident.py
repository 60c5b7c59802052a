from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice

_IS_OPEN = text("resolved_at IS NULL")


class Incident(OfOffice, Base):
    """A case could not go on: seen by its leaders, and tried again when they ask for it."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ix_incident_open",
            "office_id",
            "at",
            "id",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    at: Mapped[datetime]
    sentence: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
