"""Kecamatan Sumbang on a morning when not everybody is there, and those who keep its posts."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from engine import absences, access, accounts, holders, offices, people, posts
from engine.absences import Plan
from engine.access import Actor
from engine.db import EVERYWHERE
from engine.holders import Term
from engine.models import Person, Task
from tests.browser.server import Site

CAMAT, SEKCAM, KASI, STAF = (f"{post}.sumbang" for post in ("camat", "sekcam", "kasi", "staf"))

# Whose page, and where; the names in braces are those of `furnish`.
PAGES: Final = {
    "offices": ("admin", "/offices"),
    "offices, nothing found": ("admin", "/offices?search=xyz"),
    "posts": ("camat.gambut", "/offices/gambut/posts"),
    "posts, some vacant": ("pengawas.banyumas", "/offices/sumbang/posts"),
    "posts, kept": ("admin", "/offices/sumbang/posts"),
    "post": ("staf.gambut", "/offices/gambut/posts/camat"),
    "post, kept": ("admin", "/offices/sumbang/posts/camat"),
    "post, led": ("camat.gambut", "/offices/gambut/posts/camat"),
    "post, vacant": (CAMAT, "/offices/sumbang/posts/pelaksana"),
    "new post": ("admin", "/offices/gambut/new-post"),
    "absences": (CAMAT, "/offices/sumbang/absences"),
    "absences, past": (CAMAT, "/offices/sumbang/absences?view=past"),
    "absences, none": ("kasi.gambut", "/offices/gambut/absences"),
    "new absence": ("kasi.gambut", "/offices/gambut/absences/new"),
    "new absence of anyone": ("camat.gambut", "/offices/gambut/absences/new"),
    "inbox with warnings": (CAMAT, "/"),
    "inbox of a substitute": (SEKCAM, "/"),
    "vacancies": (CAMAT, "/vacancies"),
    "vacancies of a kabupaten": ("pengawas.banyumas", "/vacancies"),
    "vacancies, none": ("camat.gambut", "/vacancies"),
    "task that waits for nobody": (CAMAT, "/tasks/{task_vacant}"),
    "people": ("admin", "/people"),
    "people, nothing found": ("admin", "/people?search=xyz"),
    "person": ("admin", "/people/{person_closed}"),
    "person, open": ("admin", "/people/{person_away}"),
    "new account": ("admin", "/people/new"),
    "account": (SEKCAM, "/account"),
    "account, away": (STAF, "/account"),
    "password": ("kasi.gambut", "/account/password"),
}


def furnish(site: Site) -> dict[str, int]:
    """Work waits for a pelaksana who is away; the kasi has a substitute; somebody has left."""
    case = site.office.starts("Pengukuran kinerja triwulan I", CAMAT)
    site.office.completes(CAMAT, case)
    with site.database.transaction(EVERYWHERE) as session:
        admin, led, sub, first, second = (
            access.actor(session, people.find(session, who) or Person(), site.clock())
            for who in ("admin", CAMAT, SEKCAM, KASI, STAF)
        )
        today, until = site.clock().date(), site.clock().date() + timedelta(days=4)
        here = offices.find(session, led, "sumbang", "absence.manage")

        def away(who: Actor, substitute: int | None) -> int:
            plan = Plan(who.person_id or 0, substitute, today, until, "cuti")
            return absences.record(session, led, here, plan, site.clock()).id

        absences.cancel(session, led, here, away(second, sub.person_id), site.clock())
        away(first, sub.person_id)
        away(second, None)
        term = Term("definitif", "", date(2022, 1, 3), date(2025, 1, 1))
        gone = accounts.open_(session, admin, "suparman.sumbang", "Suparman", None, site.clock())
        gone.is_system = False
        post = posts.find(session, here, "pelaksana")
        holders.name(session, admin, here, post, gone, term, site.clock())
        accounts.close(session, admin, gone, site.clock())
        waiting = select(Task.id).where(Task.case_id == case, Task.status == "waiting")
        return {
            "task_vacant": session.scalars(waiting).one(),
            "person_closed": gone.id,
            "person_away": second.person_id or 0,
        }
