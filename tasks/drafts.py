"""Keep what somebody typed until it is sent: a session may end, a signal may fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.models import Draft

LONGEST_PLACE: Final = 200
LONGEST_PAGE: Final = 30
LARGEST: Final = 300_000  # characters: a page of performance data is a tenth of that
MOST: Final = 50
KEPT_FOR: Final = timedelta(days=60)


class TypedElsewhere(AlurError):
    """The same person typed into the same form at another desk, and later than this page knows."""

    status = 409
    sentence = N_(
        "Anda mengisi formulir ini juga di perangkat atau jendela lain, dan isian di sana lebih "
        "baru. Belum ada yang ditimpa: bandingkan keduanya, lalu pilih."
    )

    def __init__(self, other: Draft) -> None:
        super().__init__()
        self.other = other


@dataclass(frozen=True)
class Writer:
    """The opened page that keeps a draft, and the draft it began from, as `version` names it.

    Without a `base` it takes the place of whatever is there.
    """

    page: str | None = None
    base: str | None = None

    def knows(self, draft: Draft) -> bool:
        return self.base is None or draft.page == self.page or version(draft) == self.base


def version(draft: Draft | None) -> str:
    """Names what stands in a draft, so that a page can say what it has seen."""
    return f"{draft.page or ''}@{draft.saved_at.timestamp():.6f}" if draft is not None else ""


def save(
    session: Session,
    person_id: int,
    place: str,
    fields: Mapping[str, str],
    now: datetime,
    writer: Writer = Writer(),
) -> None:
    """Keep the fields for the page at `place`; what was kept there before gives way.

    A `writer` overwrites only what it knows: what another page of hers kept since, it is told of.
    """
    if len(place) > LONGEST_PLACE or sum(map(len, fields.values())) > LARGEST:
        return
    kept = {"fields": dict(fields), "saved_at": now, "page": writer.page}
    if not _write(session, person_id, place, kept, writer):
        other = load(session, person_id, place)
        if other is not None and other.fields != kept["fields"]:
            session.expunge(other)  # it is shown after all this was undone
            raise TypedElsewhere(other)
        _write(session, person_id, place, kept, Writer(writer.page))
    _tidy(session, person_id, now)


def _write(
    session: Session, person_id: int, place: str, kept: dict[str, Any], writer: Writer
) -> bool:
    """One statement, so that of two pages at the same moment one is told of the other."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    statement = (
        dialect.insert(Draft)
        .values(person_id=person_id, place=place, **kept)
        .on_conflict_do_update(
            index_elements=["person_id", "place"], set_=kept, where=_known_to(writer)
        )
        .returning(Draft.place)
    )
    return session.execute(statement).one_or_none() is not None


def _known_to(writer: Writer) -> ColumnElement[bool]:
    if writer.base is None:
        return true()
    page, _at, since = writer.base.partition("@")
    is_its_own = Draft.page == writer.page
    try:
        seen_at = datetime.fromtimestamp(float(since), UTC)
    except (ValueError, OverflowError, OSError):
        return is_its_own
    same_page = Draft.page == page if page else Draft.page.is_(None)
    return or_(is_its_own, and_(same_page, Draft.saved_at == seen_at))


def _tidy(session: Session, person_id: int, now: datetime) -> None:
    """Nobody keeps more than so many, nor for ever; the latest stay."""
    latest = select(Draft.place).where(
        Draft.person_id == person_id, Draft.saved_at > now - KEPT_FOR
    )
    kept = session.scalars(latest.order_by(Draft.saved_at.desc(), Draft.place).limit(MOST)).all()
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place.not_in(kept)))


def load(session: Session, person_id: int, place: str) -> Draft | None:
    return session.get(Draft, (person_id, place), populate_existing=True)


def drop(session: Session, person_id: int, place: str) -> None:
    """What was sent is no draft any more."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place == place))


def take(
    session: Session, person_id: int, place: str, fields: Mapping[str, str], writer: Writer
) -> None:
    """The same for what is being sent, unless another page of hers typed something else since."""
    gone = session.execute(
        delete(Draft)
        .where(Draft.person_id == person_id, Draft.place == place)
        .returning(Draft.fields, Draft.saved_at, Draft.page)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if gone is None:
        return
    other = Draft(person_id=person_id, place=place, **gone._asdict())
    if not writer.knows(other) and other.fields != fields:
        raise TypedElsewhere(other)


def carry(session: Session, giver: int, taker: int, place: str) -> None:
    """Let the other go on from what one typed, who keeps hers; what was typed last counts."""
    typed, there = load(session, giver, place), load(session, taker, place)
    if typed is not None and (there is None or there.saved_at < typed.saved_at):
        fields, saved_at = typed.fields, typed.saved_at
        session.merge(
            Draft(person_id=taker, place=place, fields=fields, saved_at=saved_at, page=None)
        )
        session.flush()


def hand_over(session: Session, giver: int, taker: int, place: str, now: datetime) -> None:
    """What one typed goes on with the other; what the other had there before gives way."""
    draft = load(session, giver, place)
    if draft is not None:
        save(session, taker, place, draft.fields, now)
        drop(session, giver, place)
