from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Reply(OfOffice, Base):
    """What an SOP's owner answered to one of its open questions; the highest number counts."""

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("sop_id", "question", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"))
    # Which question, by its id and wording: a question put anew is open again.
    question: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # In which capacity she answered, as it was then.
    capacity: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
