"""What may go wrong with a backup, in sentences that say what to do."""

from bpmn.errors import N_, AlurError


class BackupError(AlurError):
    """A backup that cannot be made, read or put back."""


class CannotRead(BackupError):
    sentence = N_("Cadangan %(path)s tidak dapat dibaca: %(why)s.")


class NotABackup(BackupError):
    sentence = N_("Berkas %(path)s bukan cadangan Alur, atau terpotong. Tidak ada yang diubah.")


class Damaged(BackupError):
    sentence = N_(
        "Cadangan %(path)s rusak atau diubah: %(member)s tidak seperti saat ditulis. Tidak ada "
        "yang diubah; pakai cadangan lain."
    )


class FromTheFuture(BackupError):
    sentence = N_(
        "Cadangan %(path)s dibuat oleh Alur yang lebih baru. Perbarui Alur dahulu; tidak ada yang "
        "diubah."
    )


class NotEmpty(BackupError):
    sentence = N_(
        "Basis data %(where)s sudah berisi (%(offices)s kantor, %(cases)s berkas). Memulihkan "
        "menggantikan SEMUA isinya dengan isi cadangan. Bila memang itu maksudnya: --yes"
    )


class StillRunning(BackupError):
    sentence = N_(
        "Alur masih berjalan dengan basis data ini (jamnya terlihat %(seconds)s detik yang lalu). "
        "Hentikan alur run, web dan clock di semua server, tunggu semenit, lalu ulangi."
    )


class RowsRefused(BackupError):
    sentence = N_(
        "Isi cadangan tidak dapat dimasukkan ke tabel %(table)s. Tidak ada yang diubah; pakai "
        "cadangan lain."
    )
