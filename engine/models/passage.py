from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Passage(OfOffice, Base):
    """The words a case can be found by: of its title, and of what its steps were answered."""

    __tablename__ = "passage"
    # The index of its words is each database's own: see the migration that made it.
    __table_args__ = (UniqueConstraint("case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    words: Mapped[str] = mapped_column(Text)
