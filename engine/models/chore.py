from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Chore(Base):
    """Something done once each so often, whichever clock does it: when last, and how it went."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    # Whoever moves this on may do it.
    slot: Mapped[datetime]
    # Until then it is being done; one that died leaves it to the others.
    taken_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(Text, default="")
