"""Read what somebody typed, so that it can be kept when its form cannot be received."""

from typing import Final
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for

from web import csrf

# `page` and `base` name an opened page and what it knows: they say nothing in another one.
_NEVER_KEPT: Final = frozenset({csrf.FIELD, "to", "page", "base"})


def typed() -> dict[str, str]:
    """The fields of the form: nothing secret, and nothing that another site sent."""
    if not _is_ours():
        return {}
    fields = request.form.items()
    return {name: text for name, text in fields if text.strip() and not _is_secret(name)}


def _is_secret(name: str) -> bool:
    return name in _NEVER_KEPT or "password" in name


def page() -> str | None:
    """The address of the page that shows the form which was sent here."""
    rule = g.get("rule")
    if not rule or not rule.form:
        return None
    # One page may show forms of several things: then its address names none of them.
    asked = next(current_app.url_map.iter_rules(rule.form)).arguments
    named = {name: value for name, value in (request.view_args or {}).items() if name in asked}
    return url_for(rule.form, **named)


def _is_ours() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.host
