"""Walk a berkas down the table of its SOP: which step, by whom, done when, due when, decided how.

A story is a few lines like these. `due -` stands by a step without mutu baku, `sekcam/kasi-pmd` by
one that she does for that unit of several:

    1  sekcam           Thu 12 Mar 09:05  due Thu 12 Mar 09:10
    3  sekcam/kasi-pmd  Mon 16 Mar 10:10  due Mon 16 Mar 10:30  tidak: Target belum diisi
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine import casebook, cases, history, sops
from engine.casebook import CaseView
from engine.db import EVERYWHERE
from engine.models import Case, Escalation, Office, Post, Task
from engine.models.task import OPEN
from tasks import inbox, lists
from tasks.lists import Item
from tests import fillings
from tests.conftest import Cast

FORM = "%a %d %b %H:%M"
_WHEN = r"\w{3} \d\d \w{3} \d\d:\d\d"
_LINE = re.compile(
    rf"(?P<step>\d+) +(?P<who>[\w-]+)(/(?P<unit>[\w-]+))? +(?P<done>{_WHEN})"
    rf" +due (?P<due>{_WHEN}|-)( +(?P<outcome>\w+)(: (?P<reason>.+))?)?"
)


def at(text: str, zone: str, year: int = 2026) -> datetime:
    """A moment on the office's own clock; a weekday that is not that day's is a slip of the pen."""
    naive = datetime.strptime(f"{year} {text} +0000", f"%Y {FORM} %z")
    assert f"{naive:{FORM}}" == text, f"{text} is a {naive:%A}"
    return naive.replace(tzinfo=ZoneInfo(zone))


def written(moment: datetime | None, zone: str) -> str:
    """The same moment as a table has it."""
    return f"{moment.astimezone(ZoneInfo(zone)):{FORM}}" if moment else "-"


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    step: str
    unit: str | None
    who: str
    done: datetime
    due: datetime | None
    outcome: str | None
    reason: str

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.done > self.due


def lines(table: str, zone: str) -> Iterator[Line]:
    for text in filter(None, map(str.strip, table.splitlines())):
        found = _LINE.fullmatch(text)
        assert found, f"not a line of a table: {text}"
        yield Line(
            f"Langkah_{found['step']}",
            found["unit"],
            found["who"],
            at(found["done"], zone),
            None if found["due"] == "-" else at(found["due"], zone),
            found["outcome"],
            found["reason"] or "",
        )


@dataclass(frozen=True)
class Berkas:
    """One case, and the office that moves it."""

    cast: Cast
    office: str
    zone: str
    id: int

    def at(self, text: str) -> datetime:
        return at(text, self.zone)

    def follow(self, table: str) -> None:
        """Each does her step when the table says, and finds it due when the table says."""
        walked = list(lines(table, self.zone))
        for line in walked:
            self._walk(line)
        assert self.escalated() == sorted((line.due, line.step) for line in walked if line.is_late)

    def _walk(self, line: Line) -> None:
        item = self.find(line.who, line.step, line.done, line.unit)
        due, expected = written(item.task.due_at, self.zone), written(line.due, self.zone)
        assert f"{line.step} is due {due}" == f"{line.step} is due {expected}"
        self.finish(item.task.id, line.who, line.done, line.outcome, line.reason)

    def do(
        self, who: str, step: int, when: str, outcome: str | None = None, reason: str = ""
    ) -> None:
        """She finds the step waiting, claims it and completes it."""
        now = self.at(when)
        task = self.find(who, f"Langkah_{step}", now).task.id
        self.finish(task, who, now, outcome, reason)

    def find(self, who: str, step: str, now: datetime, unit: str | None = None) -> Item:
        """The one task of this step that waits in her inbox."""
        wanted = None if unit is None else self._member(step, unit)
        items = [item for item in self.inbox(who, now) if item.task.step == step]
        if wanted is not None:
            items = [item for item in items if item.task.member == wanted]
        assert len(items) == 1, f"{who} finds {len(items)} of {step}"
        return items[0]

    def finish(
        self, task: int, who: str, now: datetime, outcome: str | None = None, reason: str = ""
    ) -> None:
        with self.cast.at_work(f"{who}.{self.office}", now) as (session, actor):
            inbox.claim(session, actor, task, now)
            data = fillings.least(session, task)
            inbox.complete(session, actor, task, now, outcome=outcome, reason=reason, data=data)

    def inbox(self, who: str, now: datetime, view: str = "inbox") -> list[Item]:
        with self.cast.at_work(f"{who}.{self.office}", now) as (session, actor):
            page = lists.page(session, actor, view, now)
            return [item for item in page.items if item.task.case_id == self.id]

    def waiting(self) -> list[tuple[str, str]]:
        """What is open now, and for which post."""
        with self.cast.database.reading(EVERYWHERE) as session:
            rows = session.execute(
                select(Task.step, Post.slug)
                .outerjoin(Post, Post.id == Task.post_id)
                .where(Task.case_id == self.id, Task.status.in_(OPEN))
                .order_by(Task.id)
            )
            return [(step, post) for step, post in rows]

    def escalated(self) -> list[tuple[datetime, str]]:
        """What was late, by its due time."""
        return sorted((due, step) for step, due, _ in self._escalations())

    def told(self) -> dict[str, str]:
        """Which post heard first of each step that was late."""
        return {step: post for step, _, post in self._escalations()}

    def _escalations(self) -> list[tuple[str, datetime, str]]:
        with self.cast.database.reading(EVERYWHERE) as session:
            rows = session.execute(
                select(Task.step, Escalation.due_at, Post.slug)
                .select_from(Escalation)
                .join(Task, Task.id == Escalation.task_id)
                .join(Post, Post.id == Escalation.post_id)
                .where(Task.case_id == self.id, Escalation.level == 1)
            )
            return [(step, due, post) for step, due, post in rows]

    def look(self, who: str = "camat") -> CaseView:
        """The case with its history, as the office's head sees it."""
        with self.cast.at_work(f"{who}.{self.office}") as (session, actor):
            return casebook.view(session, actor, self.id)

    def is_done(self) -> bool:
        """It has ended, and every seal of its history is whole."""
        with self.cast.database.reading(EVERYWHERE) as session:
            history.verify(session)
            return session.get_one(Case, self.id).status == "done"

    def _member(self, step: str, unit: str) -> int:
        """Which member of the repeat this unit is, by the post it holds."""
        held = {post.slug for post in self.cast(f"{unit}.{self.office}").posts}
        repeat = self.look().meaning.step(step).repeat
        assert repeat is not None
        return next(n for n, member in enumerate(repeat.anggota) if member.jabatan in held)


def start(cast: Cast, account: str, sop: str, when: str) -> Berkas:
    """Whoever holds the post of the first step starts a berkas."""
    office = account.partition(".")[2]
    with cast.database.reading(EVERYWHERE) as session:
        zone = session.scalars(select(Office.zone).where(Office.slug == office)).one()
    now = at(when, zone)
    with cast.at_work(account, now) as (session, actor):
        [mine] = [each for each, _ in sops.startable(session, actor) if each.slug == sop]
        case = cases.start(session, actor, mine, "Data kinerja triwulan I", now)
        return Berkas(cast, office, zone, case.id)
