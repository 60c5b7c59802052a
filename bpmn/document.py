"""What an SOP says, once its diagram has been read: header, lanes, steps and open questions."""

from dataclasses import dataclass, field

from bpmn import checklist
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError
from bpmn.forms import Formulir


class NoFirstStep(AlurError):
    """No arrow leads from the start event to a step."""

    sentence = N_(
        "SOP “%(sop)s” tidak mempunyai langkah pertama. "
        "Tarik panah dari kejadian mulai ke langkah pertama."
    )


class NotInSop(AlurError):
    """Somebody asks for a step or a lane that this SOP does not have."""

    sentence = N_("SOP “%(sop)s” tidak mempunyai unsur “%(element)s”.")


@dataclass(frozen=True, slots=True)
class Butir:
    """One entry of a list in the header, with the number the source gives it."""

    teks: str = ""
    nomor: str | None = None


@dataclass(frozen=True, slots=True)
class Tanggal:
    """A date as written and as meant; a heading without a date has neither."""

    teks: str | None = None
    iso: str | None = None
    catatan: str | None = None


@dataclass(frozen=True, slots=True)
class Kantor:
    """The office whose SOP this is, as its letterhead has it."""

    pemerintah: str | None = None
    kecamatan: str | None = None
    unit: str | None = None
    provinsi: str | None = None
    kode_wilayah: str | None = None
    zona_waktu: str | None = None
    alamat: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class DisahkanOleh:
    """Who put the SOP into force."""

    teks: str | None = None
    jabatan: str | None = None
    nama: str | None = None
    pangkat: str | None = None
    nip: str | None = None


@dataclass(frozen=True, slots=True)
class Bagian:
    """One chapter of the prose in front of the table."""

    judul: str = ""
    butir: tuple[Butir, ...] = ()


@dataclass(frozen=True, slots=True)
class Pedoman:
    """The prose that some offices keep in front of the table."""

    judul: str = ""
    bagian: tuple[Bagian, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The identity block of PermenPAN-RB 35/2012; `None` where the source has no such heading."""

    nomor: str | None = None
    nama: str | None = None
    penjelasan: str | None = None
    kantor: Kantor = field(default_factory=Kantor)
    tanggal_pembuatan: Tanggal | None = None
    tanggal_revisi: Tanggal | None = None
    tanggal_efektif: Tanggal | None = None
    tanggal_pengesahan: Tanggal | None = None
    disahkan_oleh: DisahkanOleh = field(default_factory=DisahkanOleh)
    dasar_hukum: tuple[Butir, ...] = ()
    kualifikasi_pelaksana: tuple[Butir, ...] = ()
    keterkaitan: tuple[Butir, ...] = ()
    peralatan_perlengkapan: tuple[Butir, ...] = ()
    peringatan: tuple[Butir, ...] = ()
    pencatatan_pendataan: tuple[Butir, ...] = ()
    identifikasi_resiko: tuple[Butir, ...] = ()
    kolom_tabel: tuple[Butir, ...] = ()
    tidak_ada_di_sumber: tuple[Butir, ...] = ()
    pedoman: Pedoman | None = None


@dataclass(frozen=True, slots=True)
class Temuan:
    """An open question for the owner of the SOP."""

    id: str = ""
    tingkat: str = ""
    di: str = ""
    temuan: str = ""
    tanya: str = ""
    unsur: str = ""

    @property
    def elements(self) -> tuple[str, ...]:
        """The ids of what it is about, so that the diagram can show where the question stands."""
        return tuple(self.unsur.split())


@dataclass(frozen=True, slots=True)
class Pemicu:
    """What starts a case without anybody pressing a button: `R/P3M` is every quarter."""

    siklus: str = ""
    acuan: str | None = None
    usulan: bool = False


@dataclass(frozen=True, slots=True)
class Anggota:
    """One of the posts that a repeated activity is done for."""

    jabatan: str = ""
    nama: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A pelaksana: the post whose holder does the steps of the lane."""

    id: str
    name: str
    jabatan: str
    # Each member (anggota) of a repeat does these steps itself, by the post it names.
    per_anggota: bool = False


@dataclass(frozen=True, slots=True)
class Kegiatan:
    """The exact text of the source."""

    teks: str = ""


@dataclass(frozen=True, slots=True)
class MutuBaku:
    """What a step needs, may take and yields; `timer` is the boundary event that holds `waktu`."""

    kelengkapan: str | None = None
    waktu: Duration | None = None
    waktu_teks: str | None = None
    output: str | None = None
    timer: str | None = None
    dasar_usulan: str | None = None
    # The step is not completed before everything it needs was ticked off.
    wajib_lengkap: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """The kelengkapan, thing by thing."""
        return checklist.items(self.kelengkapan)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer to a decision; `target` is the step it leads to, if it leads to just one."""

    value: str
    label: str
    target: str | None
    back: bool = False
    usulan: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The question a step ends with."""

    gateway: str
    question: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The activity that is done once for each of its posts; `id` is its element."""

    id: str
    anggota: tuple[Anggota, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the SOP's table: `name` is the short label, `kegiatan` the text of the source."""

    id: str
    name: str
    kegiatan: str
    nomor: str | None = None
    lane: Lane | None = None
    mutu_baku: MutuBaku = field(default_factory=MutuBaku)
    form: Formulir | None = None
    decision: Decision | None = None
    next: tuple[str, ...] = ()
    repeat: Repeat | None = None
    peserta: tuple[str, ...] = ()
    bukan_pelaku: tuple[str, ...] = ()
    penanggung_jawab: str | None = None
    # The posts an escalation goes to first: penanggung_jawab, as posts.
    eskalasi_ke: tuple[str, ...] = ()
    keterangan: str | None = None
    documentation: str | None = None
    usulan: bool = False


@dataclass(frozen=True, slots=True)
class Sop:
    """A whole SOP, steps in the order of their numbers."""

    id: str
    name: str
    header: Header
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    temuan: tuple[Temuan, ...] = ()
    pemicu: Pemicu | None = None
    first: str | None = None
    # How its cases are called, and what is asked when one starts.
    judul: str | None = None
    start_form: Formulir | None = None

    @property
    def first_step(self) -> Step:
        """Whoever holds its post may start a case."""
        if self.first is None:
            raise NoFirstStep(sop=self.name)
        return self.step(self.first)

    def step(self, element_id: str) -> Step:
        """The step drawn as this element."""
        for step in self.steps:
            if step.id == element_id:
                return step
        raise NotInSop(sop=self.name, element=element_id)

    def lane(self, lane_id: str) -> Lane:
        """The lane drawn as this element."""
        for lane in self.lanes:
            if lane.id == lane_id:
                return lane
        raise NotInSop(sop=self.name, element=lane_id)
