from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base

_WAITS_FOR_DIGEST = text("delivery_id IS NULL")


class Telling(Base):
    """A notice that is to reach one address: with a message, or with the next morning's digest."""

    __tablename__ = "telling"
    __table_args__ = (
        Index("ix_telling_delivery_id", "delivery_id"),
        Index(
            "ix_telling_for_digest",
            "contact_id",
            sqlite_where=_WAITS_FOR_DIGEST,
            postgresql_where=_WAITS_FOR_DIGEST,
        ),
    )

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
