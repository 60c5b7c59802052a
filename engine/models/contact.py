from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base

_HAS_DIGEST = text("digest_at IS NOT NULL")


class Contact(Base):
    """Where a person can be reached outside Alur; used only once she has proved it is hers."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("person_id", "channel"),
        Index(
            "ix_contact_digest_at",
            "digest_at",
            sqlite_where=_HAS_DIGEST,
            postgresql_where=_HAS_DIGEST,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(20))
    # Empty once she has taken it away.
    address: Mapped[str] = mapped_column(String(300))
    # What its messages are signed with, where a channel signs them.
    secret: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
    # The code that was sent to it. It opens nothing: it only proves who reads there.
    code: Mapped[str | None] = mapped_column(String(10))
    code_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    codes_sent: Mapped[int] = mapped_column(default=0)
    codes_since: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    # It answered that it takes nothing: proved anew, it may be used again.
    refused_at: Mapped[datetime | None]
    # When she was last told of something at once: what follows soon after waits and goes together.
    told_at: Mapped[datetime | None]
    # When her next morning digest is due, where she wants one.
    digest_at: Mapped[datetime | None]
