"""Say what went wrong to another program: problem+json (RFC 9457), one sentence a person can read.

Never a page: whoever asked under /api reads JSON, also where no route was found.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

import msgspec
from flask import Response, request

from bpmn.errors import N_, AlurError
from bpmn.findings import Finding
from engine import sops
from tasks.forms import FormRefused
from tasks.forms.problems import words
from web.api.refusals import BadFields, OutOfScope, Refusal, TooOften
from web.api.shapes.problems import FieldError, Problem
from web.api.shapes.sops import finding
from web.i18n import _

PLACE: Final = "/api/"
TYPE: Final = "application/problem+json"
# What a page calls otherwise than the API does.
_NAMES: Final[Mapping[str, str]] = {"to": "assignee", "note": "reason"}
# Title and sentence, where a page would say it otherwise.
_OURS: Final[Mapping[int, tuple[str, str]]] = {
    400: (N_("Permintaan tidak terbaca"), N_("Permintaan ini tidak dapat dibaca.")),
    401: (N_("Token diperlukan"), N_("Sertakan token API.")),
    403: (N_("Tidak berhak"), N_("Pemilik token ini tidak berhak.")),
    404: (
        N_("Tidak ditemukan"),
        N_("Tidak ada apa-apa di alamat ini. Daftar alamatnya: /api/v1/openapi.json."),
    ),
    405: (
        N_("Cara ini tidak diterima"),
        N_("Alamat ini tidak menerima cara itu; yang diterima ada pada kepala Allow."),
    ),
    413: (
        N_("Kiriman terlalu besar"),
        N_("Isi permintaan lebih besar daripada yang dapat diterima."),
    ),
}


def is_wanted() -> bool:
    """Whether whoever asked is a program."""
    # Some servers leave slashes as they came.
    return f"/{request.path.strip('/')}/".startswith(PLACE)


def answer(
    status: int,
    usual: tuple[str, str],
    said: str | None,
    error: AlurError | None,
    reference: str | None,
    say: Callable[[AlurError], str],
) -> Response:
    """The whole answer; `usual` is what a page would say, `say` puts an error into words."""
    title, otherwise = map(_, _OURS.get(status, usual))
    found = Problem(
        type=kind(type(error)) if error is not None else "about:blank",
        title=title,
        status=status,
        detail=said or otherwise,
        # A path may hold anything; what cannot be said in a URL is not said.
        instance=_plain(request.path),
        errors=[FieldError(field=name, message=say(wrong)) for name, wrong in _wrong(error)],
        findings=[finding(each) for each in _findings(error)],
        reference=reference,
    )
    response = Response(msgspec.json.encode(found), status, mimetype=TYPE)
    _challenge(response, error)
    if isinstance(error, TooOften):
        response.headers["Retry-After"] = str(error.facts["seconds"])
    return response


def kind(error: type[AlurError]) -> str:
    """`AlreadyClaimed` is `urn:alur:problem:already-claimed`: the same wherever Alur runs."""
    return "urn:alur:problem:" + re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def _wrong(error: AlurError | None) -> Iterator[tuple[str, AlurError]]:
    """What is wrong, field by field."""
    if isinstance(error, BadFields):
        yield from error.wrong.items()
    elif isinstance(error, FormRefused):
        yield from ((f"data.{words(at)}", problem) for at, problem in error.wrong.items())
    elif error is not None and (field := getattr(error, "field", None)):
        yield _NAMES.get(field, field), error


def _findings(error: AlurError | None) -> tuple[Finding, ...]:
    return tuple(error.findings) if isinstance(error, sops.Refused) else ()


def _plain(path: str) -> str:
    return quote(path, safe="/~:@!$&'()*+,;=")[:500]


def _challenge(response: Response, error: AlurError | None) -> None:
    """How to come in, as RFC 6750 wants it said."""
    if response.status_code == 401:
        said = error.challenge if isinstance(error, Refusal) else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="Alur"{said}'
    elif isinstance(error, OutOfScope):
        response.headers["WWW-Authenticate"] = f'Bearer realm="Alur"{error.challenge}'
