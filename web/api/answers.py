"""Put what a view gives into an answer: JSON, with a tag by which it can be asked for again.

The tag names the state, not the bytes: compressed on its way it is still the same state.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec
from flask import Response, request, url_for

from engine.paging import Page
from web.api.refusals import Changed
from web.api.shapes import Listed, Shape
from web.headers import COMPRESSED

if TYPE_CHECKING:
    from web.api.ground import Route

T = TypeVar("T")
S = TypeVar("S", bound=Shape)
R = TypeVar("R")

JSON: Final = "application/json"


@dataclass(frozen=True)
class Made(Generic[S]):
    """Something new, and where it is now."""

    shape: S
    place: str


def listed(page: Page[R], shape: Callable[[R], T]) -> Listed[T]:
    return Listed(items=[shape(row) for row in page.items], next=page.next, count=page.count)


def of(route: "Route", given: Any) -> Response:
    """The answer to a request that was done."""
    if isinstance(given, Response):
        return given
    if given is None:
        answer = Response(status=route.status)
        del answer.headers["Content-Type"]
        return answer
    shape = given.shape if isinstance(given, Made) else given
    body = msgspec.json.encode(shape)
    answer = Response(body, route.status, mimetype=JSON)
    if isinstance(given, Made):
        answer.headers["Location"] = given.place
    if isinstance(shape, Listed) and shape.next:
        answer.headers["Link"] = f'<{_following(shape.next)}>; rel="next"'
    # What a deed is answered is another shape than what is asked for: its tag would match nothing.
    return answer if route.changes else tagged(answer, tag(body))


def _following(after: str) -> str:
    names = {**request.args.to_dict(), **(request.view_args or {}), "after": after}
    return url_for(request.endpoint or "", **names)


def tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def tagged(answer: Response, name: str) -> Response:
    """With its tag, or without content where the program has it already."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(name)
    if request.method in ("GET", "HEAD") and _is_among(name, request.if_none_match):
        answer.status_code = 304
        answer.set_data(b"")
        del answer.headers["Content-Type"]
    return answer


def require(shape: Callable[[], Shape]) -> None:
    """Refuse a deed that was decided on something that is no more so: If-Match says on what."""
    if request.if_match and not _is_among(tag(msgspec.json.encode(shape())), request.if_match):
        raise Changed


def _is_among(name: str, tags: Any) -> bool:
    return bool(tags.star_tag) or name in {
        each.removesuffix(COMPRESSED) for each in tags.as_set(include_weak=True)
    }
