"""What the door of the API refuses before any work begins."""

from collections.abc import Mapping

from bpmn.errors import N_, AlurError
from engine.paging import BadCursor


class Refusal(AlurError):
    """A request that is not even looked at."""

    status = 400
    challenge = ""


class NoToken(Refusal):
    sentence = N_(
        "Sertakan token API pada kepala permintaan: Authorization: Bearer alur_… "
        "Cookie halaman tidak berlaku di sini."
    )
    status = 401


class BadToken(Refusal):
    sentence = N_("Token ini tidak dikenal, sudah dicabut atau sudah lewat masa berlakunya.")
    status = 401
    challenge = ', error="invalid_token"'


class OutOfScope(Refusal):
    sentence = N_(
        "Token ini tidak dibuat untuk “%(scope)s”. Buat token dengan kegunaan itu, "
        "bila pemiliknya berhak."
    )
    status = 403

    @property
    def challenge(self) -> str:  # type: ignore[override]
        return f', error="insufficient_scope", scope="{self.facts["scope"]}"'


class TooOften(Refusal):
    sentence = N_(
        "Terlalu banyak permintaan: paling banyak %(limit)s dalam satu menit. "
        "Coba lagi %(seconds)s detik lagi."
    )
    status = 429


class WrongType(Refusal):
    sentence = N_(
        "Kirim isi permintaan sebagai %(wanted)s, dengan kepala Content-Type yang sesuai."
    )
    status = 415


class Encoded(Refusal):
    sentence = N_("Kirim isi permintaan apa adanya, tanpa Content-Encoding.")
    status = 415


class BadKey(Refusal):
    sentence = N_("Idempotency-Key harus terdiri dari 1 sampai %(limit)s huruf atau angka ASCII.")


class Changed(Refusal):
    sentence = N_(
        "Keadaannya sudah berubah sejak ETag yang disebut If-Match. Ambil lagi, lalu putuskan."
    )
    status = 412


class BadFields(Refusal):
    """A body or a query that does not have the right shape; `wrong` says where and why."""

    sentence = N_("Ada %(count)s isian yang belum benar: %(names)s.")
    status = 422

    def __init__(self, wrong: Mapping[str, AlurError]) -> None:
        super().__init__(count=len(wrong), names=_named(wrong))
        self.wrong = wrong


def _named(wrong: Mapping[str, AlurError]) -> str:
    """A few of them; the body as a whole bears no name."""
    return ", ".join(name or "body" for name in list(wrong)[:5])


class NoSuchPage(BadCursor):
    """There is no page of the list at this address."""

    status = 404
