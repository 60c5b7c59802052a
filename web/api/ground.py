"""What a route of the API says of itself; the door, the checks and the description all read it.

A view takes the names of its path, and what its annotations ask for: `query: TaskQuery`,
`body: NewCase`. It gives back a shape, or a shape with the address of what it made.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.access import RIGHTS
from web.api import bodies, door
from web.api.shapes import Asked, Nothing
from web.guard import Rule

View = Callable[..., Any]

# A name in a path, and its kind if it is not just text.
NAME: Final = re.compile(r"<(?:(\w+):)?(\w+)>")

blueprint: Final = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Route:
    """One line of the API: who may use it, what it takes and what it gives."""

    method: str
    path: str
    name: str
    right: str
    says: str
    status: int
    gives: Any
    body: type[Asked] | None
    # Whether it may come without the body.
    bare: bool
    query: type[Asked]
    # Which of the two the view wants to have.
    reads: frozenset[str]
    # The media type of a body or an answer that is no JSON.
    takes: str | None = None
    gives_type: str = "application/json"
    # What else it may be refused with, beside what every route may.
    refuses: tuple[int, ...] = ()

    # The largest body, in bytes.
    largest: int = bodies.LARGEST

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it: `/tasks/{task_id}`."""
        return NAME.sub(r"{\2}", self.path)

    @property
    def changes(self) -> bool:
        return self.method != "GET"


ROUTES: Final[list[Route]] = []


def get(path: str, right: str, says: str, **more: Any) -> Callable[[View], View]:
    return _route("GET", path, right, says, **more)


def post(path: str, right: str, says: str, **more: Any) -> Callable[[View], View]:
    return _route("POST", path, right, says, **more)


def put(path: str, right: str, says: str, **more: Any) -> Callable[[View], View]:
    return _route("PUT", path, right, says, **more)


def delete(path: str, right: str, says: str, **more: Any) -> Callable[[View], View]:
    return _route("DELETE", path, right, says, **more)


def _route(
    method: str, path: str, right: str, says: str, *, status: int = 200, **more: Any
) -> Callable[[View], View]:
    if right not in RIGHTS:
        raise LookupError(right)

    def declare(view: View) -> View:
        hints = get_type_hints(view, include_extras=True)
        body, bare = _body(hints.get("body"))
        route = Route(
            method,
            path,
            f"{view.__module__.rpartition('.')[2]}_{view.__name__}",
            right,
            says,
            status,
            hints.get("return"),
            body,
            bare,
            hints.get("query", Nothing),
            frozenset({"body", "query"} & hints.keys()),
            **more,
        )
        ROUTES.append(route)
        blueprint.add_url_rule(path, route.name, _guarded(route, view), methods=[method])
        return view

    return declare


def _body(hint: Any) -> tuple[type[Asked] | None, bool]:
    """`NewCase` must come; `Completion | None` may stay away."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    return (kinds[0] if kinds else None), len(kinds) < len(get_args(hint))


def _guarded(route: Route, view: View) -> View:
    @wraps(view)
    def guarded(**names: Any) -> ResponseReturnValue:
        return door.admit(route, view, names)

    guarded.rule = Rule(route.right, data=True)  # type: ignore[attr-defined]
    del guarded.__wrapped__
    return guarded
