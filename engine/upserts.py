"""Insert, unless somebody was faster: both databases can, each by its own name."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.models import Base


def insert(session: Session, noun: type[Base]) -> Any:
    """An INSERT that takes `.on_conflict_do_…`."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(noun) if is_sqlite else postgresql.insert(noun)
