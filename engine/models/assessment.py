from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Assessment(OfOffice, Base):
    """What an office's leader says of half a year of one SOP, beside what the facts say."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("sop_id", "half"),
        CheckConstraint("verdict IN ('baik', 'tidak')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"))
    # "2026-1" is January to June.
    half: Mapped[str] = mapped_column(String(6))
    # None: as the facts say.
    verdict: Mapped[str | None] = mapped_column(String(5))
    note: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    # How often it was written: whoever writes has seen the one before.
    number: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
