"""Wake the cases whose time has come: one query says which, one transaction wakes each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.models import Case


def due(session: Session, now: datetime, limit: int = 500) -> Sequence[int]:
    """The cases to wake, the longest overdue first."""
    return session.scalars(
        select(Case.id).where(Case.wake_at <= now).order_by(Case.wake_at, Case.id).limit(limit)
    ).all()
