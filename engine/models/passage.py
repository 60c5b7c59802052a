from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Passage(OfOffice, Base):
    """Words of a case that it can be found by: its title, or what one step was answered."""

    __tablename__ = "passage"
    # The index of its words is each database's own: see the migration that made it.
    __table_args__ = (Index("ix_passage_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    words: Mapped[str] = mapped_column(Text)
