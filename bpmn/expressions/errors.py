"""Why an expression is refused, in words its author understands."""

from bpmn.errors import N_, AlurError


def in_short(text: str) -> str:
    """A part of an expression, fit for a sentence."""
    seen = "".join(each if each.isprintable() else "·" for each in text[:81])
    return seen if len(seen) <= 80 else seen[:79] + "…"


class BadExpression(AlurError):
    """A condition, a loop count or a timer that Alur will not compute."""

    sentence = N_("Ungkapan “%(text)s” tidak dapat dipakai.")


class TooLong(BadExpression):
    """Longer or deeper than anyone can check by reading."""

    sentence = N_(
        "Ungkapan terlalu panjang atau bertingkat terlalu dalam: paling banyak %(length)s huruf "
        "dan %(depth)s tingkat. Sederhanakan syaratnya."
    )


class Malformed(BadExpression):
    """The words do not form an expression."""

    sentence = N_(
        "Ungkapan “%(text)s” tidak lengkap atau salah tulis. "
        "Contoh yang benar: outcome == 'setuju' and Langkah_2.jumlah > 5."
    )


class UnknownMark(BadExpression):
    """A character that no expression needs."""

    sentence = N_(
        "Tanda “%(mark)s” (huruf ke-%(at)s) tidak dikenal dalam ungkapan. "
        "Apit teks dengan ' atau \" dan tulis nama dengan huruf, angka dan garis bawah."
    )


class NotAllowed(BadExpression):
    """Python, but not what a diagram may compute."""

    sentence = N_(
        "Bagian “%(part)s” tidak diizinkan dalam ungkapan. Yang boleh: perbandingan, and, or, "
        "not, in, hitungan + - * / %%, daftar, serta fungsi %(functions)s."
    )


class CountsFromOne(BadExpression):
    """FEEL's first item is number 1, everybody else's is number 0."""

    sentence = N_(
        "Nomor urut pada “%(part)s” mulai dari 1 dalam FEEL, di sini dari 0. Hapus tanda = di "
        "depan ungkapan, lalu tulis nomornya mulai dari 0."
    )


class NotYesOrNo(BadExpression):
    """Text or a number where only true or false makes sense: `outcome == 'a' or 'b'`."""

    sentence = N_(
        "Bagian “%(part)s” bukan ya atau tidak. Tulis perbandingan yang lengkap, "
        "misalnya outcome == 'setuju' or outcome == 'tidak'."
    )


class MissingName(BadExpression):
    """The data of this case has no such name."""

    sentence = N_(
        "“%(name)s” belum ada dalam data berkas ini. Periksa ejaannya, "
        "dan pastikan langkah yang mengisinya sudah dikerjakan."
    )


class WrongValue(BadExpression):
    """The value is there, but cannot be used so."""

    sentence = N_("Bagian “%(part)s” tidak dapat dihitung: %(why)s.")


class Unfit(Exception):
    """An operation met a value it cannot use. Its caller knows the part and says `WrongValue`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
