"""When every step of every SOP is due, in the weeks of Nyepi and Lebaran."""

import re
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from bpmn import durations, library, reader
from bpmn.document import Step
from engine import demo
from engine.db import EVERYWHERE
from engine.models import Office, Task
from engine.models.task import OPEN
from engine.worktime import Calendar
from tests.conftest import Cast
from tests.stories.table import Berkas, at, start, written

# Who holds each post of each office, by account.
ACCOUNTS: Final = {
    office: {post["slug"]: post["account"] for post in facts["post"]}
    for office, facts in demo.casts().items()
}

# Each case starts on Thursday 12 March 2026 at 09:00 of its office. In the first column every step
# is done the moment it opens, so that all of them open on Thursday at 09:00; in the second every
# step takes all the time it has.
#
# Working days from there: Fri 13, Mon 16, Tue 17 March in Ramadan's hours; 18 cuti bersama and 19
# Nyepi, 20 cuti bersama, 21-22 Idul Fitri on a weekend, 23-24 cuti bersama; Wed 25, Thu 26,
# Fri 27, Mon 30, Tue 31 March, Wed 1, Thu 2 April in ordinary hours; 3 April Good Friday;
# Mon 6 to Fri 10 April.
#
# bukit-batu, Perpres' hours. At once: a week is 13, 16, 17, 25, 26 March.
#   Full time: 2 ends Thu 26 09:10; 4: 27, 30, 31, 1, 2 April; 5: an hour.
# gambut, Banjar's hours. Full time: 6: 13, 16, 17, 25, 26; 7: 27, 30, 31, 1, 2 April;
#   8: not Good Friday, but 6, 7, 8, 9, 10 April.
# monitoring-kinerja, Banjar's Ramadan 08:00-12:30 13:00-15:00, Friday 08:00-12:00 13:00-15:30.
#   At once: 3: 3 h 30 until 12:30, half an hour from 13:00. 5: 5 h 30 on Thursday, 2 h 30 on
#   Friday. Full time: 3 from 09:20: 3 h 10 until 12:30, 50 minutes. 5 from 14:05: 55 minutes
#   until 15:00, 6 h 30 on Friday, 35 minutes on Monday.
# monitoring-renstra: nothing leaves the morning: 10 + 60 + 40 + 30 + 30 + 15 minutes are 12:05.
# pengumpulan-data-kinerja (Martapura Barat). At once: 7 h are 5 h 30 on Thursday and 1 h 30 on
#   Friday. Full time: 2 from 09:10: 3 h 20 and 40 minutes. 4 from 14:10: 50 minutes until 15:00,
#   4 h until Friday's noon, 2 h 10 from 13:00. 5 from 15:10: 20 minutes until 15:30, 6 h 30 on
#   Monday, ten minutes on Tuesday.
# samboja, Perpres' hours. At once: two days are Fri 13 and Mon 16. Full time: 3: 13, 16, 17, 25,
#   26 March; 4: 27, 30; 5: 31, 1 April; 6: an hour; 7: Thu 2 and, after Good Friday, Mon 6.
# sumbang, 1-8 without mutu baku: 60 + 25 + 10 + 15 + 25 + 10 minutes are 11:25.
DUE: Final = """
sop                                               step  at once           in full time
bukit-batu/pengumpulan-data-kinerja               1     Thu 12 Mar 09:10  Thu 12 Mar 09:10
                                                  2     Thu 26 Mar 09:00  Thu 26 Mar 09:10
                                                  3     Thu 12 Mar 09:30  Thu 26 Mar 09:40
                                                  4     Thu 26 Mar 09:00  Thu 02 Apr 09:40
                                                  5     Thu 12 Mar 10:00  Thu 02 Apr 10:40
                                                  6     Thu 12 Mar 09:10  Thu 02 Apr 10:50
                                                  7     Thu 12 Mar 09:30  Thu 02 Apr 11:20
gambut/pengumpulan-dan-pengukuran-data-kinerja    1     Thu 12 Mar 09:10  Thu 12 Mar 09:10
                                                  2     Thu 12 Mar 09:10  Thu 12 Mar 09:20
                                                  3     Thu 12 Mar 09:10  Thu 12 Mar 09:30
                                                  4     Thu 12 Mar 09:10  Thu 12 Mar 09:40
                                                  5     Thu 12 Mar 09:10  Thu 12 Mar 09:50
                                                  6     Thu 26 Mar 09:00  Thu 26 Mar 09:50
                                                  7     Thu 26 Mar 09:00  Thu 02 Apr 09:50
                                                  8     Thu 26 Mar 09:00  Fri 10 Apr 09:50
martapura-barat/monitoring-kinerja                1     Thu 12 Mar 09:10  Thu 12 Mar 09:10
                                                  2     Thu 12 Mar 09:10  Thu 12 Mar 09:20
                                                  3     Thu 12 Mar 13:30  Thu 12 Mar 13:50
                                                  4     Thu 12 Mar 09:15  Thu 12 Mar 14:05
                                                  5     Fri 13 Mar 10:30  Mon 16 Mar 08:35
                                                  6     Thu 12 Mar 09:10  Mon 16 Mar 08:45
                                                  7     Thu 12 Mar 09:20  Mon 16 Mar 09:05
                                                  8     Thu 12 Mar 09:15  Mon 16 Mar 09:20
                                                  9     Thu 12 Mar 09:10  Mon 16 Mar 09:30
                                                  10    Thu 12 Mar 09:10  Mon 16 Mar 09:40
                                                  11    Thu 12 Mar 09:30  Mon 16 Mar 10:10
martapura-barat/monitoring-renstra                1     Thu 12 Mar 09:10  Thu 12 Mar 09:10
                                                  2     Thu 12 Mar 10:00  Thu 12 Mar 10:10
                                                  3     Thu 12 Mar 09:40  Thu 12 Mar 10:50
                                                  4     Thu 12 Mar 09:30  Thu 12 Mar 11:20
                                                  5     Thu 12 Mar 09:30  Thu 12 Mar 11:50
                                                  6     Thu 12 Mar 09:15  Thu 12 Mar 12:05
martapura-barat/pengumpulan-data-kinerja          1     Thu 12 Mar 09:10  Thu 12 Mar 09:10
                                                  2     Thu 12 Mar 13:30  Thu 12 Mar 13:40
                                                  3     Thu 12 Mar 09:30  Thu 12 Mar 14:10
                                                  4     Fri 13 Mar 09:30  Fri 13 Mar 15:10
                                                  5     Fri 13 Mar 09:30  Tue 17 Mar 08:10
samboja/pengumpulan-data-kinerja                  1     Thu 12 Mar 09:30  Thu 12 Mar 09:30
                                                  2     Thu 12 Mar 10:00  Thu 12 Mar 10:30
                                                  3     Thu 26 Mar 09:00  Thu 26 Mar 10:30
                                                  4     Mon 16 Mar 09:00  Mon 30 Mar 10:30
                                                  5     Mon 16 Mar 09:00  Wed 01 Apr 10:30
                                                  6     Thu 12 Mar 10:00  Wed 01 Apr 11:30
                                                  7     Mon 16 Mar 09:00  Mon 06 Apr 11:30
sumbang/pengukuran-kinerja                        1     -                 -
                                                  2     -                 -
                                                  3     -                 -
                                                  4     -                 -
                                                  5     -                 -
                                                  6     -                 -
                                                  7     -                 -
                                                  8     -                 -
                                                  9     Thu 12 Mar 10:00  Thu 12 Mar 10:00
                                                  10    Thu 12 Mar 09:25  Thu 12 Mar 10:25
                                                  11    Thu 12 Mar 09:10  Thu 12 Mar 10:35
                                                  12    Thu 12 Mar 09:15  Thu 12 Mar 10:50
                                                  13    Thu 12 Mar 09:25  Thu 12 Mar 11:15
                                                  14    Thu 12 Mar 09:10  Thu 12 Mar 11:25
"""


def test_every_step_of_the_seven_sops_is_due_when_its_office_has_worked_that_long(
    cast: Cast,
) -> None:
    table = ["", _row("sop", "step", "at once", "in full time")]
    for name in (f"{office}/{sop}" for office in library.offices() for sop in library.sops(office)):
        at_once, in_full = _walk(cast, name), _walk(cast, name, in_full=True)
        rows = [_row("", step, due, in_full[step]) for step, due in at_once.items()]
        table += [f"{name:<48}{rows[0][48:]}", *rows[1:]]
    printed = "\n".join([*table, ""])
    print(printed)
    assert printed == DUE


def _row(sop: str, step: str, at_once: str, in_full: str) -> str:
    return f"{sop:<48}  {step:<4}  {at_once:<16}  {in_full}"


def _walk(
    cast: Cast, name: str, begun: str = "Thu 12 Mar 09:00", in_full: bool = False
) -> dict[str, str]:
    """When each step is due, if all is approved, at once or with all the time it may take."""
    office, _, slug = name.partition("/")
    sop = reader.read(library.load(name))
    berkas = start(cast, _holder(office, sop.first_step), slug, begun)
    now, due = berkas.at(begun), dict[str, str]()
    while task := _next(berkas):
        # Of the seven units each has as long as the others.
        till = written(task.due_at, berkas.zone)
        assert due.setdefault(task.step.removeprefix("Langkah_"), till) == till
        now = task.due_at if in_full and task.due_at else now
        step = sop.step(task.step)
        who = ACCOUNTS[office][_post(step, task.member)]
        berkas.finish(task.id, who, now, "setuju" if step.decision else None)
    assert berkas.is_done()
    return due


def _holder(office: str, step: Step) -> str:
    return f"{ACCOUNTS[office][_post(step)]}.{office}"


def _post(step: Step, member: int | None = None) -> str:
    assert step.lane is not None
    if step.repeat is not None and step.lane.per_anggota and member is not None:
        return step.repeat.anggota[member].jabatan
    return step.lane.jabatan


def _next(berkas: Berkas) -> Task | None:
    with berkas.cast.database.reading(EVERYWHERE) as session:
        waiting = select(Task).where(Task.case_id == berkas.id, Task.status.in_(OPEN))
        return session.scalars(waiting.order_by(Task.id)).first()


# --- over a weekend ----------------------------------------------------------------------------

# Five minutes of Friday are left; the other five are the first of Monday. On an ordinary Friday,
# and in Ramadan: Banyumas then closes at 11:00 and opens at 07:30, else at 15:15 and 07:15.
WEEKENDS: Final = """
bukit-batu       1   Fri 10 Apr 16:25  Mon 13 Apr 07:35
bukit-batu       1   Fri 13 Mar 15:25  Mon 16 Mar 08:05
gambut           1   Fri 10 Apr 16:25  Mon 13 Apr 07:35
gambut           1   Fri 13 Mar 15:25  Mon 16 Mar 08:05
martapura-barat  1   Fri 10 Apr 16:25  Mon 13 Apr 07:35
martapura-barat  1   Fri 13 Mar 15:25  Mon 16 Mar 08:05
samboja          -   Fri 10 Apr 16:25  Mon 13 Apr 07:35
samboja          -   Fri 13 Mar 15:25  Mon 16 Mar 08:05
sumbang          11  Fri 10 Apr 15:10  Mon 13 Apr 07:20
sumbang          11  Fri 13 Mar 10:55  Mon 16 Mar 07:35
"""


@pytest.mark.parametrize("line", WEEKENDS.strip().splitlines())
def test_ten_minutes_begun_five_before_fridays_closing_end_five_after_mondays_opening(
    cast: Cast, line: str
) -> None:
    office, step, opened, due = re.split(" {2,}", line)
    with cast.database.reading(EVERYWHERE) as session:
        facts = session.scalars(select(Office).where(Office.slug == office)).one()
        zone, calendar = facts.zone, Calendar.from_dict(facts.calendar)
    assert calendar.closing(at(opened, zone).date()) == at(opened, zone) + timedelta(minutes=5)
    assert written(calendar.add(at(opened, zone), durations.parse("PT10M")), zone) == due
    # Samboja has no step of ten minutes; in the others the task says the same.
    if step != "-":
        assert _walk(cast, f"{office}/{library.sops(office)[0]}", begun=opened)[step] == due
