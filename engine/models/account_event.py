from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class AccountEvent(Base):
    """What was done to an account, by whom: a password set by another hand leaves a trace."""

    __tablename__ = "account_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('opened', 'changed', 'reset', 'signed out', 'closed', 'granted', 'revoked', "
            "'erased')",
            name="kind",
        ),
        Index("ix_account_event_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    # Nobody where it was typed on the server.
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Which role, and where.
    role: Mapped[str | None] = mapped_column(String(20))
    place: Mapped[str | None] = mapped_column(String(120))
