from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class OfficeEvent(OfOffice, Base):
    """What was done to an office's own settings, by whom: its hours have rows of their own."""

    __tablename__ = "office_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('opened', 'renamed', 'emblem', 'ladder', 'reasons')", name="kind"
        ),
        Index("ix_office_event_office_id", "office_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    # Nobody where it was typed on the server.
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What was there before and is there now, by field.
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
