from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Attempt(Base):
    """A sign-in that failed, for known and unknown accounts alike."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_account_at", "account", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
