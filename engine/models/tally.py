from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base, OfOffice


class Tally(OfOffice, Base):
    """What a month brought of one step at one post: so many, so long, so often late."""

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_sop_id", "sop_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"))
    # The first day of the month in which it was finished, on the office's own calendar.
    month: Mapped[date]
    step: Mapped[str] = mapped_column(String(120))
    # What the step was called: a later revision may have it no more.
    name: Mapped[str] = mapped_column(String(400))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    # How many were finished; how many of these had a due time, missed it, sent the berkas back.
    done: Mapped[int] = mapped_column(default=0)
    timed: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    # Seconds of working time that clocks stood still.
    paused: Mapped[int] = mapped_column(default=0)
    # See engine/spread.py.
    waited: Mapped[list[Any]] = mapped_column(JSON, default=list)
    worked: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # How often each level was told of lateness, and each reason given for it.
    levels: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    reasons: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class CaseTally(OfOffice, Base):
    """What a month brought of one SOP: its berkas that are over, by when they began and ended."""

    __tablename__ = "case_tally"
    __table_args__ = (Index("ix_case_tally_sop_id", "sop_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_id: Mapped[int] = mapped_column(ForeignKey("sop.id"))
    month: Mapped[date]
    # Begun in this month, and over by now.
    started: Mapped[int] = mapped_column(default=0)
    # Ended in this month.
    done: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    # Of those done, how many missed the due time of a step.
    late: Mapped[int] = mapped_column(default=0)
    # From the start of each that was done to its end, in working time.
    lasted: Mapped[list[Any]] = mapped_column(JSON, default=list)
