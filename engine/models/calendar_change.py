from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice

_IS_UNDER_WAY = text("applied_at IS NOT NULL AND ended_at IS NULL")


class CalendarChange(OfOffice, Base):
    """An office's working time as it is to be: looked at first, then in force, then followed."""

    __tablename__ = "calendar_change"
    __table_args__ = (
        Index("ix_calendar_change_office_id", "office_id", "id"),
        Index("ix_calendar_change_decree", "decree"),
        Index(
            "ix_calendar_change_under_way",
            "id",
            sqlite_where=_IS_UNDER_WAY,
            postgresql_where=_IS_UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The same for all offices of a kabupaten to which one decree applies.
    decree: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # In which capacity, as each case's history will say it.
    capacity: Mapped[str | None] = mapped_column(String(300))
    applied_at: Mapped[datetime | None]
    # How far the open cases have followed: up to which case, how many, of how many.
    cursor: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    # Cases that could not follow, and why; tried again when somebody asks for it.
    failures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # Until then one clock has it in hand; a clock that died has it no longer.
    claimed_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
