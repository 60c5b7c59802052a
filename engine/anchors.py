"""Seal all histories once a day: whoever cuts the end off one cannot do it unseen.

The chain of a case shows that no line of it was changed. That its last lines were not taken away,
or a whole case, is shown here: an anchor seals every line written since the anchor before, in the
order in which they were written. Kept elsewhere as well, one line a day is enough to know.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.models import Anchor, Event

# Beside the database, so that whoever changes the one must change the other.
FILE: Final = "segel-harian.txt"


class BrokenAnchor(AlurError):
    sentence = N_(
        "Riwayat sampai %(day)s tidak lagi seperti saat disegel hari itu: ada catatan yang diubah, "
        "hilang atau disisipkan. Bandingkan dengan cadangan dari hari itu."
    )


class ForeignAnchor(AlurError):
    sentence = N_(
        "Segel harian %(day)s di basis data tidak sama dengan yang tercatat di %(path)s. Salah "
        "satu diubah sesudahnya."
    )


@dataclass(frozen=True)
class Line:
    """An anchor as it is written down elsewhere: `2026-03-12 4711 3f5a…`."""

    day: str
    last: int
    seal: str

    def __str__(self) -> str:
        return f"{self.day} {self.last} {self.seal}"

    @staticmethod
    def read(written: str) -> "Line | None":
        """None for what is no such line."""
        parts = written.split()
        if len(parts) != 3 or not parts[1].isdigit():
            return None
        return Line(parts[0], int(parts[1]), parts[2])


@dataclass(frozen=True)
class Span:
    """What is to be sealed: all lines after the first up to the last."""

    day: date
    before: str
    first: int
    last: int


def due(session: Session, now: datetime) -> Span | None:
    """What this day's anchor will seal; None when there is one already."""
    before = session.scalar(select(Anchor).order_by(Anchor.day.desc()).limit(1))
    today = now.astimezone(UTC).date()
    if before is not None and before.at <= now and before.at.astimezone(UTC).date() == today:
        return None
    # Sealed by a clock that was ahead: the days go on from there, in order.
    day = max(today, before.day + timedelta(days=1)) if before is not None else today
    _wait_for_writers(session)
    first = before.last if before else 0
    last = session.scalar(select(func.max(Event.id))) or first
    return Span(day, before.seal if before else "", first, last)


def cast(session: Session, span: Span, now: datetime) -> Anchor:
    """In a transaction of its own: much to read must not keep anybody from writing."""
    digest, count = _digest(session, span.first, span.last)
    anchor = Anchor(day=span.day, at=now, last=span.last, count=count, seal="")
    anchor.seal = _seal(anchor, span.before, digest)
    session.add(anchor)
    session.flush()
    return anchor


def _wait_for_writers(session: Session) -> None:
    """Whoever has taken a number has written its line: none comes in behind us."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE event IN SHARE MODE"))


def write_down(folder: Path, anchor: Anchor) -> Line:
    """A line more beside the database, on disk before anybody relies on it."""
    written, path = line(anchor), folder / FILE
    with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
        file.write(f"{written}\n")
        file.flush()
        os.fsync(file.fileno())
    return written


def written_down(folder: Path) -> list[Line]:
    """The lines that this server has kept."""
    path = folder / FILE
    if not path.is_file():
        return []
    lines = map(Line.read, path.read_text("utf-8").splitlines())
    return [line for line in lines if line is not None]


def set_aside(folder: Path, now: datetime) -> None:
    """The database is another's now: what was kept of the old one is kept apart."""
    path = folder / FILE
    if path.is_file():
        path.rename(path.with_name(f"{path.stem}-sebelum-{now:%Y%m%d-%H%M%S}{path.suffix}"))


def line(anchor: Anchor) -> Line:
    return Line(anchor.day.isoformat(), anchor.last, anchor.seal)


def verify(session: Session, written: Iterable[Line] = (), path: object = "") -> int:
    """Walk all anchors; how many there are, or the first that does not hold."""
    known, before = dict[str, Anchor](), None
    for anchor in session.scalars(select(Anchor).order_by(Anchor.day)).all():
        digest, count = _digest(session, before.last if before else 0, anchor.last)
        if (count, _seal(anchor, before.seal if before else "", digest)) != (
            anchor.count,
            anchor.seal,
        ):
            raise BrokenAnchor(day=anchor.day)
        known[anchor.day.isoformat()] = before = anchor
    for each in written:
        anchor_ = known.get(each.day)
        if anchor_ is None or line(anchor_) != each:
            raise ForeignAnchor(day=each.day, path=path)
    return len(known)


def _digest(session: Session, first: int, last: int) -> tuple[str, int]:
    """Of the lines after the first up to the last, by number and seal."""
    digest, count = hashlib.sha256(), 0
    for id, seal in _lines(session, first, last):
        digest.update(f"{id}:{seal}\n".encode())
        count += 1
    return digest.hexdigest(), count


def _lines(session: Session, first: int, last: int) -> Iterator[tuple[int, str]]:
    query = select(Event.id, Event.hash).where(Event.id > first, Event.id <= last)
    ordered = query.order_by(Event.id).execution_options(yield_per=5_000)
    with closing(session.execute(ordered)) as found:
        yield from ((id, seal) for id, seal in found)


def _seal(anchor: Anchor, before: str, digest: str) -> str:
    content = {
        "day": anchor.day.isoformat(),
        "last": anchor.last,
        "count": anchor.count,
        "lines": digest,
        "before": before,
    }
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
