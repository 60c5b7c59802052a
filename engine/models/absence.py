from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice

# Which kind, not why: an illness is nobody's business here, and "cuti" covers it.
REASONS = ("cuti", "dinas luar", "pelatihan", "lain")


class Absence(OfOffice, Base):
    """Somebody is away for some days; a colleague does the work of her posts, or nobody does."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("person_id <> substitute_id", name="substitute"),
        CheckConstraint("reason IN ('cuti', 'dinas luar', 'pelatihan', 'lain')", name="reason"),
        Index("ix_absence_person_id", "person_id", "ends_on"),
        Index("ix_absence_substitute_id", "substitute_id", "ends_on"),
        Index("ix_absence_office_id", "office_id", "ends_on", "id"),
        Index(
            "ix_absence_wake_at",
            "wake_at",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(20))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    # From this moment it is no more, whatever its days say.
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # When what she had in hand went to the substitute, or back to all who hold her posts.
    begun_at: Mapped[datetime | None]
    # When the clock must look at it next; nothing else makes it look.
    wake_at: Mapped[datetime | None]
