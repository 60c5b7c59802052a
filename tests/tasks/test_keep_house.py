"""What is done every night: once, by whichever clock, and again where it was cut."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from engine import anchors, chores, heartbeat, history, parcels, upkeep
from engine.backup import reading, restoring
from engine.db import EVERYWHERE, Database
from engine.decrees import OFF, Plan
from engine.models import (
    Anchor,
    Attempt,
    Batch,
    BatchRow,
    CalendarChange,
    Case,
    Chore,
    Draft,
    Event,
    Notice,
    Telling,
)
from engine.settings import Settings
from tasks import nightly, retention, schedule
from tasks.jobs import keep_house
from tests.conftest import THURSDAY, Cast
from tests.gambut import do, start
from tests.tasks.test_hours import put_in_force

DAY = timedelta(days=1)
# The night after Thursday, 02.00 in Jakarta; and the one after that.
FIRST = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)
SECOND = FIRST + DAY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return Settings(data=tmp_path / "data", backups=2)


def keep(cast: Cast, now: datetime, settings: Settings) -> keep_house.Round:
    return keep_house.keep_house(cast.database, now, settings)


def said(cast: Cast) -> dict[str, str]:
    with cast.database.reading(EVERYWHERE) as session:
        return {chore.name: chore.said for chore in chores.all_of(session)}


# --- once a night ------------------------------------------------------------------------------


def test_every_chore_is_done_once_a_night_and_not_in_the_first(
    cast: Cast, settings: Settings
) -> None:
    start(cast)
    assert keep(cast, THURSDAY, settings).done == 0  # begins
    assert keep(cast, THURSDAY + timedelta(hours=8), settings).done == 0
    assert keep(cast, FIRST, settings).done == len(keep_house.CHORES)
    assert keep(cast, FIRST + timedelta(minutes=1), settings).done == 0
    assert keep(cast, SECOND - timedelta(seconds=1), settings).done == 0
    # Nobody kept the time for two nights: it is made up for once.
    assert keep(cast, SECOND + 2 * DAY, settings).done == len(keep_house.CHORES)
    told = said(cast)
    assert told["forget"] == "0 catatan lama dihapus"
    assert told["anchor"].startswith("2026-03-15 ")
    assert told["backup"].startswith("alur-2026-03-15.zip: ")


def test_of_two_clocks_one_does_it(cast: Cast, settings: Settings) -> None:
    keep(cast, THURSDAY, settings)
    with cast.database.transaction(EVERYWHERE) as session:
        assert chores.claim(session, "anchor", FIRST)
    with cast.database.transaction(EVERYWHERE) as session:
        assert not chores.claim(session, "anchor", FIRST)
    assert keep(cast, FIRST, settings).done == len(keep_house.CHORES) - 1


def test_of_many_clocks_at_once_each_chore_is_done_by_one(cast: Cast, settings: Settings) -> None:
    start(cast)
    keep(cast, THURSDAY, settings)
    with ThreadPoolExecutor(4) as clocks:
        rounds = list(clocks.map(lambda _: keep(cast, FIRST, settings), range(4)))
    assert (sum(each.done for each in rounds), sum(each.failed for each in rounds)) == (4, 0)
    assert len(anchors.written_down(settings.data)) == 1


def test_a_clock_that_was_years_ahead_does_not_end_the_nights(
    cast: Cast, settings: Settings
) -> None:
    keep(cast, THURSDAY, settings)
    ahead = FIRST + 1_000 * DAY
    assert keep(cast, ahead, settings).done == len(keep_house.CHORES)
    with cast.database.transaction(EVERYWHERE) as session:
        chores.failed(session, "backup", "mati", ahead)
    assert keep(cast, FIRST, settings).done == len(keep_house.CHORES)
    assert keep(cast, FIRST + timedelta(minutes=1), settings).done == 0
    assert keep(cast, SECOND, settings).done == len(keep_house.CHORES)


def test_what_a_clock_left_in_the_middle_is_done_by_another(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: Any) -> str:
        raise Killed

    keep(cast, THURSDAY, settings)
    with monkeypatch.context() as patch:
        patch.setitem(keep_house.CHORES, "anchor", dies)  # type: ignore[arg-type]
        with pytest.raises(Killed):
            keep(cast, FIRST, settings)
    half = FIRST + timedelta(minutes=30)
    assert "anchor" not in _done(cast, half)
    keep(cast, half, settings)  # the others are done; this one is still in a dead hand
    assert "anchor" not in _done(cast, half)
    keep(cast, FIRST + chores.LEASE, settings)
    assert "anchor" in _done(cast, FIRST + chores.LEASE)


def _done(cast: Cast, now: datetime) -> set[str]:
    with cast.database.reading(EVERYWHERE) as session:
        query = select(Chore.name).where(Chore.done_at >= FIRST)
        return set(session.scalars(query))


def test_what_fails_says_why_and_is_tried_again(cast: Cast, settings: Settings) -> None:
    keep(cast, THURSDAY, settings)
    (settings.data / "cadangan").write_text("bukan folder")
    assert keep(cast, FIRST, settings).failed == 1
    assert said(cast)["backup"].startswith("! ")
    (settings.data / "cadangan").unlink()
    assert keep(cast, FIRST + chores.AGAIN, settings).done == 1
    assert said(cast)["backup"].startswith("alur-2026-03-12.zip")


def test_the_timetable_keeps_house_only_where_it_has_a_folder(
    cast: Cast, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "keep_house" not in schedule.tick(cast.database, FIRST)
    assert "keep_house" in schedule.tick(cast.database, FIRST, settings)
    assert not (tmp_path / "var").exists()


# --- the copy ----------------------------------------------------------------------------------


def test_a_few_nights_are_kept_and_each_can_be_put_back(cast: Cast, settings: Settings) -> None:
    start(cast)
    (settings.data / "cadangan").mkdir()
    mine = settings.data / "cadangan" / "alur-penting.zip"
    mine.write_bytes(b"milik orang lain")
    for night in range(4):
        nightly.backup(cast.database, FIRST + night * DAY, settings)
    names = [path.name for path in nightly.backups(settings.data)]
    assert names == ["alur-2026-03-15.zip", "alur-2026-03-14.zip"]
    assert mine.exists()
    path = nightly.backups(settings.data)[0]
    assert path.stat().st_mode & 0o777 == 0o600
    start(cast, title="Sesudah cadangan")
    with reading.opened(path) as archive:
        restoring.restore(cast.database, settings.data, archive, SECOND, replace=True)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalar(select(func.count(Case.id))) == 1


def test_a_copy_that_cannot_be_read_again_is_none(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk says that it has written, and has not."""
    nightly.backup(cast.database, FIRST, settings)
    settle = parcels._settle

    def damaged(partial: Path, path: Path) -> None:
        content = bytearray(partial.read_bytes())
        content[len(content) // 3] ^= 255
        partial.write_bytes(content)
        settle(partial, path)

    monkeypatch.setattr(parcels, "_settle", damaged)
    keep(cast, THURSDAY, settings)
    assert keep(cast, SECOND, settings).failed == 1
    assert "rusak" in said(cast)["backup"]
    assert [path.name for path in nightly.backups(settings.data)] == ["alur-2026-03-12.zip"]


def test_a_full_disk_leaves_the_older_copies(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly.backup(cast.database, FIRST, settings)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    keep(cast, THURSDAY, settings)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        keep_house._do(cast.database, "backup", SECOND, settings)
    assert "penyimpanan penuh" in said(cast)["backup"]
    assert [path.name for path in nightly.backups(settings.data)] == ["alur-2026-03-12.zip"]


@pytest.mark.parametrize(
    ("url", "backups", "kept"),
    [
        ("", None, 7),
        ("postgresql+psycopg://x/alur", None, 0),
        ("postgresql+psycopg://x/alur", 3, 3),
        ("", 0, 0),
    ],
)
def test_how_many_nights_are_kept_is_a_setting(url: str, backups: int | None, kept: int) -> None:
    assert nightly.kept(Settings(database_url=url, backups=backups)) == kept


# --- the seal of the day -----------------------------------------------------------------------


def anchor(cast: Cast, folder: Path, now: datetime) -> None:
    keep_house.anchor(cast.database, now, Settings(data=folder))


def verify(cast: Cast, folder: Path) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        return anchors.verify(session, anchors.written_down(folder), folder / anchors.FILE)


@pytest.fixture
def sealed(cast: Cast, tmp_path: Path) -> Cast:
    """Three days of work, each sealed at night; and some of today, which is not yet."""
    start(cast)
    anchor(cast, tmp_path, FIRST)
    anchor(cast, tmp_path, FIRST)  # once a day
    do(cast, "kasubbag.gambut", "Langkah_1")
    anchor(cast, tmp_path, SECOND)
    anchor(cast, tmp_path, SECOND + DAY)  # nothing happened on a Saturday
    start(cast, title="Hari ini")
    assert verify(cast, tmp_path) == 3
    return cast


def unseal(session: Any) -> None:
    """What somebody with the database's own password can do."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER event_delete"))
        session.execute(text("DROP TRIGGER event_update"))
    else:
        session.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))


def cuts_the_end_off(session: Any) -> None:
    """The kasubbag never did it, and the chain of the case is whole."""
    unseal(session)
    case = session.get_one(Case, 1)
    kept = session.scalars(select(Event).where(Event.case_id == 1, Event.number == 2)).one()
    session.execute(text("DELETE FROM dispatch"))
    session.execute(text("DELETE FROM event WHERE case_id = 1 AND number > 2"))
    case.events, case.head = 2, kept.hash


def takes_a_whole_case_away(session: Any) -> None:
    unseal(session)
    session.execute(text("DELETE FROM event WHERE case_id = 1"))
    session.execute(update(Case).where(Case.id == 1).values(events=0, head=""))


@pytest.mark.parametrize("deed", [cuts_the_end_off, takes_a_whole_case_away])
def test_whoever_cuts_history_short_is_noticed(
    sealed: Cast, tmp_path: Path, deed: Callable[[Any], None]
) -> None:
    with sealed.database.transaction(EVERYWHERE) as session:
        deed(session)
    with sealed.database.reading(EVERYWHERE) as session:
        history.verify(session)  # each chain by itself is whole
    with pytest.raises(anchors.BrokenAnchor, match=r"2026-03-1[23]"):
        verify(sealed, tmp_path)


def test_whoever_seals_anew_has_still_to_change_what_lies_elsewhere(
    sealed: Cast, tmp_path: Path
) -> None:
    with sealed.database.transaction(EVERYWHERE) as session:
        cuts_the_end_off(session)
        session.execute(text("DELETE FROM anchor"))
    mine = tmp_path / anchors.FILE
    mine.rename(tmp_path / "seandainya")
    for night in (FIRST, SECOND, SECOND + DAY):
        anchor(sealed, tmp_path, night)
    mine.unlink()
    (tmp_path / "seandainya").rename(mine)
    with pytest.raises(anchors.ForeignAnchor, match=r"segel-harian\.txt"):
        verify(sealed, tmp_path)
    mine.unlink()
    assert verify(sealed, tmp_path) == 3  # so a line a day is kept where he cannot reach


def test_lines_that_are_no_anchors_are_passed_over(sealed: Cast, tmp_path: Path) -> None:
    with (tmp_path / anchors.FILE).open("a") as file:
        file.write("catatan pengelola\n2026-03-99 x y\n\n")
    assert verify(sealed, tmp_path) == 3


def test_a_clock_that_was_ahead_does_not_stop_the_seals_when_it_is_put_right(
    sealed: Cast, tmp_path: Path
) -> None:
    for night in (FIRST, FIRST + timedelta(minutes=5), SECOND):
        anchor(sealed, tmp_path, night)
    assert verify(sealed, tmp_path) == 5
    with sealed.database.reading(EVERYWHERE) as session:
        days = session.scalars(select(Anchor.day).order_by(Anchor.day.desc())).all()
        assert days[:2] == [date(2026, 3, 16), date(2026, 3, 15)]


# --- what is forgotten -------------------------------------------------------------------------


def test_what_nobody_needs_any_more_goes_when_its_time_has_come(cast: Cast) -> None:
    now = THURSDAY
    old = [(Attempt, 91), (Draft, 61), (Notice, 401)]
    with cast.database.transaction(EVERYWHERE) as session:
        for days in (89, 91):
            session.add(Attempt(account="siapa", at=now - days * DAY))
        for number, days in enumerate((59, 61)):
            session.add(
                Draft(person_id=1, place=f"/x/{number}", fields={}, saved_at=now - days * DAY)
            )
        for number, (days, read) in enumerate([(170, 1), (190, 1), (190, 0), (401, 0)]):
            at = now - days * DAY
            session.add(
                Notice(
                    office_id=1,
                    person_id=1,
                    cause=f"x-{number}",
                    kind="opened",
                    urgent=False,
                    at=at,
                    read_at=at if read else None,
                )
            )
    assert retention.forget(cast.database, now) == 4
    with cast.database.reading(EVERYWHERE) as session:
        counts = [session.scalar(select(func.count()).select_from(noun)) for noun, _ in old]
        assert counts == [1, 1, 2]
        assert session.scalars(select(Telling)).all() == []


def test_a_proposal_nobody_applied_goes_and_one_in_force_stays(cast: Cast) -> None:
    applied = put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"))
    assert retention.forget(cast.database, THURSDAY + 400 * DAY) == 0
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(CalendarChange.id)).all() == [applied]


def test_a_list_goes_and_the_cases_it_started_stay(cast: Cast) -> None:
    case = start(cast)
    facts: dict[str, Any] = {"person_id": 1, "sop_id": 1, "office_id": 1, "name": "", "digest": ""}
    with cast.database.transaction(EVERYWHERE) as session:
        for days in (179, 181):
            at = THURSDAY - days * DAY
            batch = Batch(**facts, made_at=at, begun_at=at, ended_at=at)
            session.add(batch)
            session.flush()
            row = BatchRow(batch_id=batch.id, number=1, sent={}, title="x", state="started")
            row.office_id, row.case_id = 1, case
            session.add(row)
    assert retention.forget(cast.database, THURSDAY) == 1
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalar(select(func.count()).select_from(BatchRow)) == 1
        assert session.get(Case, case) is not None


def test_much_that_is_old_goes_piece_by_piece(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PIECE", 10)
    with cast.database.transaction(EVERYWHERE) as session:
        session.add_all(Attempt(account="siapa", at=THURSDAY) for _ in range(25))
    assert retention.forget(cast.database, THURSDAY + 91 * DAY) == 25


# --- the heartbeat, and the database's own house -------------------------------------------------


def test_the_clock_beats_at_most_every_fifteen_seconds(cast: Cast) -> None:
    def beats(now: datetime) -> datetime | None:
        schedule.beat(cast.database, now)
        with cast.database.reading(EVERYWHERE) as session:
            return heartbeat.last(session)

    assert beats(THURSDAY) == THURSDAY
    assert beats(THURSDAY + timedelta(seconds=14)) == THURSDAY
    assert beats(THURSDAY + timedelta(seconds=15)) == THURSDAY + timedelta(seconds=15)
    # The server's clock is set back an hour: it is not silent until its old time comes again.
    assert beats(THURSDAY - timedelta(hours=1)) == THURSDAY - timedelta(hours=1)


def test_the_database_looks_after_itself_and_says_how_large_it_is(database: Database) -> None:
    assert upkeep.look_after(database)
    assert upkeep.size(database) > 10_000
