"""What may be wrong with an office's hours, in sentences that name the field to mend."""

from bpmn.errors import N_, AlurError


class HoursError(AlurError):
    """The hours cannot be kept as written."""

    sentence = N_("%(field)s: isian ini tidak dapat dipakai.")


class WrongForm(HoursError):
    sentence = N_("%(field)s: isinya harus berupa %(expected)s.")


class UnknownField(HoursError):
    sentence = N_("%(field)s: isian “%(key)s” tidak dikenal.")


class UnknownZone(HoursError):
    sentence = N_("%(field)s: “%(zone)s” tidak dikenal. Pilih salah satu: %(zones)s.")


class Backwards(HoursError):
    sentence = N_("%(field)s: %(end)s harus sesudah %(start)s.")


class Overlap(HoursError):
    sentence = N_("%(field)s: %(one)s bertumpuk dengan %(other)s.")


class NoWorkingTime(HoursError):
    sentence = N_("%(field)s: belum ada jam kerja. Isi jam sedikitnya untuk satu hari.")


class TooMany(HoursError):
    sentence = N_("%(field)s: paling banyak %(most)s isian.")


class DayTwice(HoursError):
    sentence = N_("%(field)s: tanggal %(day)s tercantum dua kali.")


class DayBoth(HoursError):
    sentence = N_("%(field)s: tanggal %(day)s juga tercantum sebagai libur tambahan.")


class TooFar(AlurError):
    """An addition that no office will live to see: a slip in the diagram or in the calendar."""

    sentence = N_(
        "Tenggat jatuh lebih dari %(years)s tahun sesudah mulai. "
        "Periksa mutu baku waktu dan kalender kerja."
    )


class OutsideCalendar(AlurError):
    sentence = N_("Tahun %(year)s di luar kalender kerja (%(first)s sampai %(last)s).")
