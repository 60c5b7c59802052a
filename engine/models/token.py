from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Token(Base):
    """A program's key to the API, in the name of one person; only its hash is known here."""

    __tablename__ = "token"
    __table_args__ = (Index("ix_token_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    # What it may be used for, of all that its person may do: words of access.SCOPES.
    scopes: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # To the hour: a request must not cost a write.
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
