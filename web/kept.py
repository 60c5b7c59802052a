"""What somebody typed into a form that could not be received stands in it when she comes back."""

from collections.abc import Mapping

from flask import g, request

from tasks import drafts


def fields() -> tuple[Mapping[str, str], bool]:
    """What was kept for this page, and whether anything was."""
    draft = drafts.load(g.session, g.actor.person_id, request.path)
    return (draft.fields, True) if draft is not None else ({}, False)


def drop(place: str) -> None:
    """It was sent, so it is no draft any more."""
    drafts.drop(g.session, g.actor.person_id, place)
