from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Participation(OfOffice, Base):
    """A post that takes part in a joint step: one answers, the others can be seen to have been."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("task_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    # Empty until its holder has taken part.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime | None]
