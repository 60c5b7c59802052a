from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base

_IS_WAITING = text("ended_at IS NULL")
_HAS_FAILED = text("ended_as = 'failed'")


class Delivery(Base):
    """A message on its way to one address: it is sent once, or twice if nobody can know."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("kind IN ('notices', 'digest', 'code')", name="kind"),
        CheckConstraint("ended_as IN ('sent', 'failed', 'moot')", name="ended_as"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        # One digest a day.
        UniqueConstraint("contact_id", "day"),
        Index(
            "ix_delivery_waiting",
            "send_at",
            "id",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
        Index(
            "ix_delivery_open",
            "contact_id",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
        Index("ix_delivery_ended_at", "ended_at"),
        Index(
            "ix_delivery_failed",
            "ended_at",
            "id",
            sqlite_where=_HAS_FAILED,
            postgresql_where=_HAS_FAILED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    kind: Mapped[str] = mapped_column(String(10))
    # Which morning's digest it is.
    day: Mapped[date | None]
    # Whose working hours it keeps; nobody's, if it may go at any hour.
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    at: Mapped[datetime]
    send_at: Mapped[datetime]
    # Until then it belongs to the sender that took it; a sender that died gives it back so.
    taken_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    # How often it may have arrived: counted before sending, uncounted when it surely did not.
    sends: Mapped[int] = mapped_column(default=0)
    is_repeat: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(String(300))
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None] = mapped_column(String(10))
