from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Preference(Base):
    """How a person wants to be told of one topic on one channel, where not as usual."""

    __tablename__ = "preference"
    __table_args__ = (CheckConstraint("way IN ('off', 'digest', 'at once')", name="way"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    way: Mapped[str] = mapped_column(String(10))
