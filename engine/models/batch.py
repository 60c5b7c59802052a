from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice

_IS_UNDER_WAY = text("begun_at IS NOT NULL AND stopped_at IS NULL AND ended_at IS NULL")


class Batch(OfOffice, Base):
    """A list of cases to be: looked at first, then started row by row by whoever keeps the time."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_person_id", "person_id", "id"),
        Index(
            "ix_batch_under_way",
            "id",
            sqlite_where=_IS_UNDER_WAY,
            postgresql_where=_IS_UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"))
    # Hers alone: in her name its cases start.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Of the file; empty where rows were pasted.
    name: Mapped[str] = mapped_column(String(120))
    # Of all its rows, to know the same list when it comes again.
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Until then one clock has it in hand; a clock that died has it no longer.
    claimed_until: Mapped[datetime | None]
