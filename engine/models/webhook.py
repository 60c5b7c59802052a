from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base

_IS_OPEN = text("ended_at IS NULL")


class Webhook(Base):
    """An address outside that is told what happens in an office, or in all of them."""

    __tablename__ = "webhook"
    __table_args__ = (
        Index(
            "ix_webhook_office_id", "office_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # None is every office.
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(300))
    # What happens must be of one of these: `case`, `task`, `escalation`, with a blank between.
    topics: Mapped[str] = mapped_column(String(40))
    # Signs what is sent; it must be known to sign, so it is kept as it is.
    secret: Mapped[str] = mapped_column(String(60))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
