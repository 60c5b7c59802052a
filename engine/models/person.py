from datetime import datetime

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base
from engine.models.grant import Grant


class Person(Base):
    """Someone who signs in, or a program that does not. What she may do: her posts and grants."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    # Raised to sign her out everywhere: a session made under an older epoch is void.
    epoch: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    # Her password was set by somebody else: nothing is open to her until she has changed it.
    must_change: Mapped[bool] = mapped_column(default=False)
    # Another program: it has no password and comes only with a token.
    is_system: Mapped[bool] = mapped_column(default=False, server_default=false())
    # With her in one question, where the door asks for both.
    grants: Mapped[list[Grant]] = relationship(viewonly=True)
