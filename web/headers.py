"""Send every answer small and with the rules that keep a browser from being used against it."""

import gzip
from typing import Final

from flask import Flask, Response, request

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_SMALLEST: Final = 600
_KINDS: Final = frozenset(
    {"text/html", "application/json", "application/problem+json", "application/xml"}
)
# What a strong tag ends with where the answer was compressed.
COMPRESSED: Final = "-gzip"


def init_app(app: Flask) -> None:
    app.after_request(_protect)
    app.after_request(_compress)  # runs first


def _protect(answer: Response) -> Response:
    for name, value in _ALWAYS.items():
        answer.headers.setdefault(name, value)
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer


def _compress(answer: Response) -> Response:
    if answer.mimetype not in _KINDS or answer.direct_passthrough:
        return answer
    answer.vary.add("Accept-Encoding")
    wanted = request.accept_encodings.quality("gzip") > 0
    if wanted and not answer.content_encoding and (answer.content_length or 0) >= _SMALLEST:
        answer.set_data(gzip.compress(answer.get_data(), 6))
        answer.content_encoding = "gzip"
        name, is_weak = answer.get_etag()
        if name and not is_weak:  # other bytes, another tag
            answer.set_etag(name + COMPRESSED)
    return answer
