"""Do one of many things by itself: what is wrong with it is written down, and the rest goes on."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bpmn.errors import AlurError
from engine.db import EVERYWHERE, Database

log = logging.getLogger(__name__)


def alone(
    database: Database,
    what: str,
    do: Callable[[Session], object],
    fail: Callable[[Session, str], object],
) -> bool:
    """In a transaction of its own, and on an error in another the reason why."""
    try:
        with database.transaction(EVERYWHERE) as session:
            do(session)
    except OperationalError:
        raise  # the database is away, and the thing is well: a later round goes on from here
    except Exception as wrong:
        if not isinstance(wrong, AlurError):
            log.exception("%s cannot be done", what)
        why = str(wrong) if isinstance(wrong, AlurError) else type(wrong).__name__
        with database.transaction(EVERYWHERE) as session:
            fail(session, why)
        return False
    return True
