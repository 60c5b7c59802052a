from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Office(Base):
    """A kecamatan. Its key is the kode wilayah: two kecamatan may bear one name."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kabupaten: Mapped[str] = mapped_column(String(120), index=True)
    province: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(40))
    calendar: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The digest of its emblem, where it has one.
    emblem: Mapped[str | None] = mapped_column(String(64))
    # Its rules for capaian, where they are not the usual ones.
    capaian: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Who hears of what is late, and when; the reasons that may be given for it.
    ladder: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    late_reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    # From which shares on an SOP does not go well: see engine/assessments.py.
    assessing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
