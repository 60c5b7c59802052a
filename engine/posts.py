"""The posts of an office: add one, give it another name. Work belongs to them, not to people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from bpmn.lanes import slug as slug_of
from engine import access, cases, history, places, sops
from engine.access import Actor
from engine.history import Entry
from engine.models import Case, Office, Post, Revision, Task
from engine.models.task import OPEN

LONGEST_NAME: Final = 120
LONGEST_SLUG: Final = 60


class PostError(AlurError):
    """A post that is not there, or cannot be as asked."""

    status = 422


class NoSuchPost(PostError):
    sentence = N_("Jabatan ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class BadName(PostError):
    sentence = N_("Nama jabatan harus diisi, paling panjang %(limit)s huruf.")
    field = "name"


class BadSlug(PostError):
    sentence = N_(
        "Kode “%(slug)s” tidak dapat dipakai: hanya huruf kecil, angka dan tanda hubung, paling "
        "panjang %(limit)s."
    )
    field = "slug"


class NoSuperior(PostError):
    sentence = N_("Pilih jabatan lain di kantor ini, yang bukan bawahannya sendiri.")
    field = "superior"


class SlugTaken(PostError):
    sentence = N_("Kode “%(slug)s” sudah dipakai jabatan lain di kantor ini.")
    field = "slug"


def find(session: Session, office: Office, slug: str) -> Post:
    post = session.scalar(select(Post).where(Post.office_id == office.id, Post.slug == slug))
    if post is None:
        raise NoSuchPost
    return post


def add(
    session: Session,
    actor: Actor,
    office: Office,
    name: str,
    slug: str,
    now: datetime,
    *,
    shared: bool = False,
) -> Post:
    """A new post. What waits for one of its slug and found none is given to it."""
    access.require(actor, "post.manage", office.id)
    name = _checked(name)
    slug = slug.strip() or slug_of(name)
    if slug != slug_of(slug) or not 0 < len(slug) <= LONGEST_SLUG:
        raise BadSlug(slug=slug[:LONGEST_SLUG], limit=LONGEST_SLUG)
    post = Post(office_id=office.id, slug=slug, name=name, shared=shared)
    try:
        with session.begin_nested():
            session.add(post)
    except IntegrityError as taken:
        raise SlugTaken(slug=slug) from taken
    _fill(session, post, now)
    return post


def rename(
    session: Session, actor: Actor, office: Office, slug: str, name: str, *, shared: bool
) -> Post:
    """Another name for the same post; its slug stays, for diagrams speak of it."""
    access.require(actor, "post.manage", office.id)
    post = find(session, office, slug)
    post.name, post.shared = _checked(name), shared
    session.flush()
    return post


def report_to(
    session: Session, actor: Actor, office: Office, slug: str, superior: str
) -> Post | None:
    """Whom this post answers to: told when it lets something lie. None for nobody in particular."""
    access.require(actor, "post.manage", office.id)
    post = find(session, office, slug)
    above = find(session, office, superior) if superior else None
    known = {each.id: each.superior_id for each in of(session, office)}
    at = above.id if above is not None else None
    while at is not None:
        if at == post.id:
            raise NoSuperior
        at = known.get(at)
    post.superior_id = above.id if above is not None else None
    session.flush()
    return above


def of(session: Session, office: Office) -> Sequence[Post]:
    """All posts of an office, in the order they were made."""
    query = select(Post).where(Post.office_id == office.id).order_by(Post.id)
    return session.scalars(query).all()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName(limit=LONGEST_NAME)
    return name


def _fill(session: Session, post: Post, now: datetime) -> None:
    """Steps that were opened while no post bore their jabatan wait for its holders from now on."""
    rows = session.execute(
        select(Task, Revision)
        .join(Case, Case.id == Task.case_id)
        .join(Revision, Revision.id == Case.revision_id)
        .where(Task.office_id == post.office_id, Task.post_id.is_(None), Task.status.in_(OPEN))
        .order_by(Task.case_id, Task.id)
    ).all()
    for task, revision in rows:
        step = sops.meaning(revision).step(task.step)
        if places.jabatan(step, task.member) == post.slug:
            case = cases.locked(session, task.case_id)
            task.post_id = post.id
            entry = Entry("placed", now, task_id=task.id, detail={"step": task.step})
            history.append(session, case, [entry])
