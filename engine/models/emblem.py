from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.models.base import Base, OfOffice


class Emblem(OfOffice, Base):
    """The picture at the head of an office's SOPs; it was taken apart before it was kept."""

    __tablename__ = "emblem"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
