from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Receipt(Base):
    """A request that was done, and what it was answered: sent again, it is answered, not redone."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_at", "at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    answer: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
    # A program's request, by its digest, and how it ended; a page's form has neither.
    request: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[str | None] = mapped_column(Text)
