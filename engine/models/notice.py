from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice

_IS_UNREAD = text("read_at IS NULL")
_IS_NEW = text("weighed_at IS NULL")


class Notice(OfOffice, Base):
    """Something one person should know: there once, however often it was noticed."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "cause"),
        Index("ix_notice_person_id", "person_id", "id"),
        Index(
            "ix_notice_unread",
            "person_id",
            "id",
            sqlite_where=_IS_UNREAD,
            postgresql_where=_IS_UNREAD,
        ),
        Index("ix_notice_task_id", "task_id", sqlite_where=_IS_UNREAD, postgresql_where=_IS_UNREAD),
        Index("ix_notice_new", "id", sqlite_where=_IS_NEW, postgresql_where=_IS_NEW),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # What made it: of the same cause she is told once.
    cause: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    # Whose deed it was; nobody's, where the clock noticed it.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # How far an escalation has gone.
    level: Mapped[int | None]
    urgent: Mapped[bool]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # When it was decided whether it also leaves the house.
    weighed_at: Mapped[datetime | None]
