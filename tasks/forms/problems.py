"""What is wrong with a filled-in form: each problem with its place, all of them at once."""

from collections.abc import Iterator
from typing import Final

from bpmn.errors import N_, AlurError
from bpmn.forms import Formulir

# The key of a field; in a table, then the row as it was sent, from 0, and the column's key.
Place = tuple[str] | tuple[str, int] | tuple[str, int, str]

# More at once help nobody; the rest show when these are mended.
MOST: Final = 60


class Problem(AlurError):
    """One sentence beside one field; whoever shows it names the field."""


class Required(Problem):
    sentence = N_("Wajib diisi.")


class UnknownField(Problem):
    sentence = N_("Formulir langkah ini tidak mempunyai isian ini.")


class NotText(Problem):
    sentence = N_("Isinya harus berupa teks.")


class TooLong(Problem):
    sentence = N_("Paling banyak %(most)s huruf; sekarang %(length)s.")


class TooShort(Problem):
    sentence = N_("Paling sedikit %(least)s huruf; sekarang %(length)s.")


class TooSmall(Problem):
    sentence = N_("Paling kecil %(least)s.")


class TooLarge(Problem):
    sentence = N_("Paling besar %(most)s.")


class NotADay(Problem):
    sentence = N_("“%(text)s” bukan tanggal. Tulis misalnya 31/3/2026.")


class TooEarly(Problem):
    sentence = N_("Paling awal %(least)s.")


class TooLate(Problem):
    sentence = N_("Paling akhir %(most)s.")


class NotAChoice(Problem):
    sentence = N_("Pilih salah satu dari daftar.")


class NotRows(Problem):
    sentence = N_("Isinya harus berupa baris-baris tabel.")


class NoRows(Problem):
    sentence = N_("Isi sedikitnya %(least)s baris; sekarang %(count)s.")


class TooManyRows(Problem):
    sentence = N_("Ada %(count)s baris; paling banyak %(most)s.")


class NoFiles(Problem):
    sentence = N_("Unggah sedikitnya %(least)s berkas; sekarang %(count)s.")


class TooManyFiles(Problem):
    sentence = N_("Ada %(count)s berkas; paling banyak %(most)s.")


class FormRefused(AlurError):
    """The form cannot be taken yet; `wrong` says where and why."""

    status = 422
    sentence = N_("Formulir belum dapat diterima: %(place)s: %(why)s")

    def __init__(self, form: Formulir, problems: "Problems") -> None:
        self.wrong = dict(problems.in_order(form))
        place, why = next(iter(self.wrong.items()))
        super().__init__(place=words(place), why=str(why))


class Problems:
    """Gathers what is wrong, at most one problem for each place."""

    def __init__(self) -> None:
        self._found: dict[Place, AlurError] = {}

    def at(self, place: Place, problem: AlurError) -> None:
        if len(self._found) < MOST:
            self._found.setdefault(place, problem)

    def __len__(self) -> int:
        return len(self._found)

    def in_order(self, form: Formulir) -> Iterator[tuple[Place, AlurError]]:
        """As they stand on the page, from above."""
        keys = [field.kunci for field in form.isian]
        order = {key: at for at, key in enumerate(keys)}
        return iter(
            sorted(self._found.items(), key=lambda one: (order.get(one[0][0], -1), one[0][1:2]))
        )


def words(place: Place) -> str:
    """For a log or another system: `kinerja, baris 4, realisasi`."""
    parts = [str(place[0])]
    if len(place) > 1:
        parts.append(f"baris {place[1] + 1}")
    if len(place) > 2:
        parts.append(place[2])
    return ", ".join(parts)
