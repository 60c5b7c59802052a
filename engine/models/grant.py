from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Grant(Base):
    """A role no post brings: an office's designer, a kabupaten's supervisor, a program's own."""

    __tablename__ = "grant"
    __table_args__ = (
        CheckConstraint("role IN ('perancang', 'pengawas', 'admin', 'sistem')", name="role"),
        CheckConstraint("role <> 'perancang' OR office_id IS NOT NULL", name="perancang"),
        CheckConstraint("role <> 'pengawas' OR kabupaten IS NOT NULL", name="pengawas"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    kabupaten: Mapped[str | None] = mapped_column(String(120))
