"""Twin of engine/paging.py: where a page begins, and what no list can begin after."""

from datetime import datetime

import pytest

from engine.paging import BadCursor, read_cursor, write_cursor
from tests.conftest import THURSDAY


def test_a_cursor_says_where_the_page_ended() -> None:
    cursor = write_cursor(THURSDAY.isoformat(), 7)
    assert read_cursor(cursor, datetime, int) == [THURSDAY, 7]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_utc_does_not_reach_is_refused(time: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(write_cursor(time, 1), datetime, int)
