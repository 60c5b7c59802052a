from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Receipt(Base):
    """A request that was done, and what it was answered: sent again, it is answered, not redone."""

    __tablename__ = "receipt"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    answer: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
