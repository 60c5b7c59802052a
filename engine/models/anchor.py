from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Anchor(Base):
    """What was known of all histories on a day, in one line: each seals the one before it."""

    __tablename__ = "anchor"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # Up to which line of history, and how many lines are new since the anchor before.
    last: Mapped[int]
    count: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
