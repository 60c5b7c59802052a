"""Who stands above whom in an office: the superior of a post, its camat."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.models import Post

CAMAT: Final = "camat"
SECRETARY: Final = "sekretaris-camat"


@dataclass(frozen=True)
class Chart:
    """The posts of an office by slug, and whom each answers to where that is said."""

    posts: Mapping[str, int]
    superiors: Mapping[int, int | None]

    @property
    def camat(self) -> int | None:
        return self.posts.get(CAMAT)

    def superior(self, post_id: int | None) -> int | None:
        """Whoever is named; else the secretary, and above the secretary the camat."""
        named = self.superiors.get(post_id) if post_id is not None else None
        if named is not None:
            return named
        secretary = self.posts.get(SECRETARY)
        return self.camat if post_id in (secretary, self.camat, None) else secretary


def of(session: Session, offices: Collection[int]) -> dict[int, Chart]:
    """The charts of these offices, in one query."""
    posts: dict[int, dict[str, int]] = {office: {} for office in offices}
    superiors: dict[int, dict[int, int | None]] = {office: {} for office in offices}
    rows = session.execute(
        select(Post.office_id, Post.slug, Post.id, Post.superior_id).where(
            Post.office_id.in_(offices)
        )
    )
    for office, slug, id, superior in rows:
        posts[office][slug] = id
        superiors[office][id] = superior
    return {office: Chart(posts[office], superiors[office]) for office in offices}
