from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Holder(OfOffice, Base):
    """Who holds a post, from when to when, and under which decree."""

    __tablename__ = "holder"
    __table_args__ = (CheckConstraint("capacity IN ('definitif', 'plt', 'plh')", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(10), default="definitif")
    decree: Mapped[str | None] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
