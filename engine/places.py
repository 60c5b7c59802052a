"""Where a step belongs in this office: its lane, the post that does it, who joins."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.document import Anggota, Sop, Step
from engine.models import Office, Post
from engine.workflow import OpenStep


@dataclass(frozen=True)
class Place:
    """The lane a step stands in, and the post that does it here; None where no post bears it."""

    lane: str
    post_id: int | None
    # The unit this one of several is for, in the SOP's own words.
    member: str | None = None
    # Who else takes part.
    invited: tuple[int, ...] = ()

    def named(self, step: str) -> str:
        """What the task is called: of a step that is done for several units, with its unit."""
        return f"{step}: {self.member}" if self.member else step


def find(session: Session, office: Office, sop: Sop, steps: list[OpenStep]) -> dict[str, Place]:
    """Where each step belongs, by the diagram and the office's posts."""
    drawn = {step.id: sop.step(step.element) for step in steps}
    member = {step.id: step.member for step in steps}
    wanted = {step.id: jabatan(drawn[step.id], step.member) for step in steps}
    asked = {slug for step in drawn.values() for slug in step.peserta}
    posts = _posts(session, office, asked | set(filter(None, wanted.values())))
    return {
        id: Place(
            lane.name if (lane := drawn[id].lane) else "",
            posts.get(slug or ""),
            _member(drawn[id], member[id]),
            tuple(posts[slug] for slug in drawn[id].peserta if slug in posts),
        )
        for id, slug in wanted.items()
    }


def _anggota(step: Step, member: int | None) -> Anggota | None:
    if step.repeat is None or member is None or member >= len(step.repeat.anggota):
        return None
    return step.repeat.anggota[member]


def _member(step: Step, member: int | None) -> str | None:
    anggota = _anggota(step, member)
    return (anggota.nama or anggota.jabatan) if anggota is not None else None


def jabatan(step: Step, member: int | None) -> str | None:
    """Whose step it is: the lane's post, or that of the member this instance is for."""
    if step.lane is None:
        return None
    if step.lane.per_anggota and (anggota := _anggota(step, member)) is not None:
        return anggota.jabatan
    return step.lane.jabatan


def _posts(session: Session, office: Office, slugs: set[str]) -> dict[str, int]:
    rows = session.execute(
        select(Post.slug, Post.id).where(Post.office_id == office.id, Post.slug.in_(slugs))
    )
    return dict(rows.all())
