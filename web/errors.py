"""Turn whatever goes wrong into one kind of page: what happened, and what to do now."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy.exc
from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    session,
)
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bpmn.errors import N_, AlurError
from engine import access, incidents
from engine.cases import CaseStuck
from engine.db import EVERYWHERE
from engine.holders import Period
from web import forms, times
from web.api import problems
from web.i18n import _

# What happened, and what to do: said where the error itself has no sentence.
_KNOWN: Final[Mapping[int, tuple[str, str, str]]] = {
    400: (
        N_("Permintaan tidak terbaca"),
        N_("Browser mengirim sesuatu yang tidak dapat dibaca."),
        N_("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    ),
    401: (
        N_("Masuk dahulu"),
        N_("Masuk dahulu untuk melanjutkan."),
        N_("Masuk dengan akun Anda, lalu ulangi."),
    ),
    403: (
        N_("Tidak dapat dikerjakan dengan akun ini"),
        N_("Anda tidak berhak membuka halaman ini."),
        N_("Bila seharusnya berhak, minta pengelola akun memeriksa jabatan Anda."),
    ),
    404: (
        N_("Halaman tidak ditemukan"),
        N_("Tidak ada apa-apa di alamat ini."),
        N_("Periksa alamatnya, atau mulai dari daftar tugas Anda."),
    ),
    405: (
        N_("Tidak dapat dibuka dengan cara ini"),
        N_("Alamat ini hanya menerima kiriman dari formulirnya."),
        N_("Buka halaman formulirnya, lalu kirim dari sana."),
    ),
    409: (
        N_("Keadaannya sudah berubah"),
        N_("Orang lain sudah lebih dahulu mengubahnya."),
        N_("Buka daftar tugas untuk melihat keadaan sekarang."),
    ),
    412: (
        N_("Keadaannya sudah berubah"),
        N_("Orang lain sudah lebih dahulu mengubahnya."),
        N_("Buka daftar tugas untuk melihat keadaan sekarang."),
    ),
    413: (
        N_("Kiriman terlalu besar"),
        N_("Yang dikirim lebih besar daripada yang dapat diterima."),
        N_("Persingkat isiannya, lalu kirim lagi."),
    ),
    415: (
        N_("Jenis isinya tidak dikenal"),
        N_("Yang dikirim bukan jenis yang dapat dibaca di alamat ini."),
        N_("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    ),
    422: (
        N_("Ada yang perlu diperbaiki"),
        N_("Isiannya belum dapat diterima."),
        N_("Perbaiki, lalu kirim lagi."),
    ),
    429: (
        N_("Terlalu banyak percobaan"),
        N_("Terlalu banyak permintaan dalam waktu singkat."),
        N_("Tunggu sebentar, lalu coba lagi."),
    ),
    500: (
        N_("Terjadi kesalahan di Alur"),
        N_("Ini bukan kesalahan Anda, dan belum ada yang tersimpan."),
        N_("Coba lagi. Bila terulang, sampaikan nomor ini kepada pengelola:"),
    ),
    503: (
        N_("Penyimpanan data sedang tidak dapat dipakai"),
        N_("Belum ada yang tersimpan."),
        N_("Tunggu sebentar, lalu coba lagi. Bila terulang, sampaikan nomor ini kepada pengelola:"),
    ),
}
_AGAIN_AFTER: Final = {429: "900", 503: "10"}


def init_app(app: Flask) -> None:
    app.register_error_handler(AlurError, explain)
    app.register_error_handler(CaseStuck, _stuck)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(sqlalchemy.exc.OperationalError, _unavailable)
    app.register_error_handler(sqlalchemy.exc.TimeoutError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def explain(error: AlurError) -> Response:
    """The page of an error that has its own sentence."""
    status = 403 if isinstance(error, access.AccessError) else getattr(error, "status", 422)
    return _page(status, sentence(error), error=error)


def _stuck(error: CaseStuck) -> Response:
    """The deed is undone; that it failed is remembered, so that the leaders see it."""
    now: datetime = current_app.extensions["clock"]()
    with current_app.extensions["database"].transaction(EVERYWHERE) as session:
        incidents.record(session, error, now)
    return explain(error)


def sentence(error: AlurError) -> str:
    """What the error says, in the reader's language."""
    return _(error.sentence) % {name: _fact(value) for name, value in error.facts.items()}


def _fact(value: object) -> object:
    if isinstance(value, Period):
        return times.days(*value)
    if isinstance(value, date):
        return times.plain(value)
    return _("Anda") if value == "Anda" else value


def _http(error: HTTPException) -> Response:
    answer = _page(error.code or 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.allow.update(error.valid_methods)
    return answer


def _unavailable(error: Exception) -> Response:
    return _page(503, reference=_logged(error))


def _unexpected(error: Exception) -> Response:
    return _page(500, reference=_logged(error))


def _logged(error: Exception) -> str:
    """A short number on the page that leads whoever runs the server to the whole story."""
    reference = secrets.token_hex(3).upper()
    place = f"{request.method} {request.path}"
    current_app.logger.error("%s %s", reference, place, exc_info=error)
    return reference


def _page(
    status: int,
    said: str | None = None,
    reference: str | None = None,
    error: AlurError | None = None,
) -> Response:
    known = _KNOWN.get(status, _KNOWN[400 if status < 500 else 500])
    if problems.is_wanted():
        return with_patience(problems.answer(status, known[:2], said, error, reference, sentence))
    heading, usual, advice = (_(text) for text in known)
    session.pop("_flashes", None)  # what a view announced before it failed is not so
    if wants_data():
        return _json(status, said or usual, reference)
    facts: dict[str, Any] = {
        "status": status,
        "heading": heading,
        "said": said or usual,
        "advice": advice,
        "reference": reference,
        "typed": _typed(status),
        "back": forms.page(),
    }
    return _sent(make_response(render_template("error.html", **facts)), status)


def wants_data() -> bool:
    """Whether a script asks, and reads JSON: then no page is drawn for it."""
    rule = g.get("rule")
    is_data: bool = rule is not None and rule.data
    return is_data or request.accept_mimetypes.best == "application/json"


def _typed(status: int) -> dict[str, str]:
    """What would be lost with the form; nothing where the form itself could not be read."""
    return forms.typed() if request.method == "POST" and status not in {400, 413} else {}


def _json(status: int, said: str, reference: str | None) -> Response:
    body = {"status": status, "detail": said, **({"reference": reference} if reference else {})}
    return _sent(jsonify(body), status)


def _sent(answer: Response, status: int) -> Response:
    answer.status_code = status
    return with_patience(answer)


def with_patience(answer: Response) -> Response:
    """Say when to come back, where waiting helps."""
    if answer.status_code in _AGAIN_AFTER and "Retry-After" not in answer.headers:
        answer.headers["Retry-After"] = _AGAIN_AFTER[answer.status_code]
    return answer
