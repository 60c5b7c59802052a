from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Post(OfOffice, Base):
    """A jabatan of an office: work belongs to it, whoever holds it."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("office_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    # Several may hold it at once, as pelaksana do; of a camat there is one.
    shared: Mapped[bool] = mapped_column(default=False)
    # Who hears when it lets something lie; the secretary, where nobody is named.
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
