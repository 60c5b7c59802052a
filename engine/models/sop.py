from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Sop(OfOffice, Base):
    """An SOP of an office; new cases take the revision in force."""

    __tablename__ = "sop"
    __table_args__ = (UniqueConstraint("office_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(400))
    number: Mapped[str | None] = mapped_column(String(120))
    # The post of the first step: whoever holds it may start a case.
    starter: Mapped[str | None] = mapped_column(String(60))
    # No foreign key: the two tables would each need the other to exist first.
    revision_id: Mapped[int | None]
    # When the clock opens the next case by itself, where the diagram says so.
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    # Its own ladder, where it is not the office's.
    ladder: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
