from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class BatchRow(OfOffice, Base):
    """A row of a list, and what became of it: right or wrong, then started or failed."""

    __tablename__ = "batch_row"

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True
    )
    # As its spreadsheet counts.
    number: Mapped[int] = mapped_column(primary_key=True)
    # As it stood there, by the keys of the start form.
    sent: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What was typed for a title, or what the SOP's rule makes of the row.
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    # The row above that says the same.
    same_as: Mapped[int | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    # Why it could not be started.
    why: Mapped[str | None] = mapped_column(Text)
