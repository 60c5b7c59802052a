"""What the monitor calls things: its lists, what an empty one means, and what can be chosen."""

from typing import Final, NamedTuple

from bpmn.errors import N_


class Tab(NamedTuple):
    """One way to look at the work: what it is called, and what an empty one means."""

    label: str
    heading: str
    empty: str
    meaning: str


TABS: Final = {
    "attention": Tab(
        N_("Perlu perhatian"),
        N_("Yang perlu perhatian"),
        N_("Tidak ada yang perlu perhatian."),
        N_("Tidak ada yang terlambat, segera jatuh tempo, lama belum diambil, atau tanpa petugas."),
    ),
    "overdue": Tab(
        N_("Terlambat"),
        N_("Yang terlambat"),
        N_("Tidak ada yang terlambat."),
        N_("Setiap langkah yang terbuka masih dalam mutu baku waktunya, atau jamnya berhenti."),
    ),
    "soon": Tab(
        N_("Segera"),
        N_("Yang segera jatuh tempo"),
        N_("Tidak ada yang segera jatuh tempo."),
        N_("Tidak ada tenggat sampai waktu yang dipilih di atas. Pilih waktu yang lebih jauh."),
    ),
    "unclaimed": Tab(
        N_("Belum diambil"),
        N_("Yang lama belum diambil"),
        N_("Tidak ada yang dibiarkan."),
        N_("Setiap langkah diambil orang sebelum menunggu selama yang dipilih di atas."),
    ),
    "vacant": Tab(
        N_("Tanpa petugas"),
        N_("Yang menunggu tanpa petugas"),
        N_("Tidak ada yang menunggu tanpa petugas."),
        N_("Setiap jabatan yang punya tugas hari ini ada pemegang atau penggantinya."),
    ),
    "stuck": Tab(
        N_("Macet"),
        N_("Berkas yang macet"),
        N_("Tidak ada berkas yang macet."),
        N_("Semua berkas dapat melanjutkan jalannya menurut diagramnya."),
    ),
    "paused": Tab(
        N_("Jam berhenti"),
        N_("Yang jamnya berhenti"),
        N_("Tidak ada jam yang berhenti."),
        N_("Tidak ada langkah yang menunggu pihak luar, dan tidak ada berkas yang ditangguhkan."),
    ),
    "all": Tab(
        N_("Semua"),
        N_("Semua langkah yang terbuka"),
        N_("Tidak ada langkah yang terbuka."),
        N_("Semua berkas sudah selesai, atau belum ada yang dimulai."),
    ),
}
# Besides those: all of it, put together.
SUMMARY: Final = "summary"
GROUPS: Final = {
    "kabupaten": N_("kabupaten"),
    "office": N_("kantor"),
    "sop": N_("SOP"),
    "step": N_("langkah"),
    "post": N_("jabatan"),
    "person": N_("orang"),
}
HORIZONS: Final = {
    "noon": N_("pukul 12.00 hari ini"),
    "today": N_("akhir hari ini"),
    "tomorrow": N_("akhir besok"),
    "week": N_("tujuh hari ini"),
}
PATIENCES: Final = {
    30: N_("30 menit kerja"),
    60: N_("1 jam kerja"),
    120: N_("2 jam kerja"),
    240: N_("4 jam kerja"),
    480: N_("8 jam kerja"),
}
# What the head of a sheet, and each group, counts.
COLUMNS: Final = ("overdue", "soon", "unclaimed", "vacant", "paused", "all")
