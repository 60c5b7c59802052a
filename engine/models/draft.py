from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Draft(Base):
    """What someone typed into a form and has not sent yet: hers alone, by the form's address."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    saved_at: Mapped[datetime]
    # Which opened page kept it last: the same person may have the form open twice.
    page: Mapped[str | None] = mapped_column(String(30))
