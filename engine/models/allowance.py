from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Allowance(Base):
    """How many requests a program or an address has drawn in this minute, over all processes."""

    __tablename__ = "allowance"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    # Counted from 1970.
    minute: Mapped[int]
    drawn: Mapped[int]
