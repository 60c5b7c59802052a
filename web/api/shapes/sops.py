"""SOPs and their revisions, as other programs see them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

import bpmn.findings
import bpmn.reader
from bpmn.errors import N_
from engine import models
from engine.sopbook import RevisionLine, SopRow, SopView
from web.api.shapes import Asked, Paged, Shape, forms

Name = Annotated[str, Meta(max_length=181, description=N_("Kantor dan nama alamat SOP."))]
OfficeSlug = Annotated[str, Meta(max_length=60, description=N_("Hanya dari kantor ini."))]


class Finding(Shape):
    """What a rule says of a diagram."""

    rule: str
    element: Annotated[str, Meta(description=N_("Unsur diagram yang dimaksud."))]
    severity: Annotated[
        Literal["error", "warning"],
        Meta(description=N_("Hanya kesalahan yang menghalangi terbit.")),
    ]
    message: str


class Published(Shape):
    """A diagram was put in force."""

    number: Annotated[int, Meta(ge=1, description=N_("Nomor revisi yang terbit."))]
    findings: list[Finding]


class SopLine(Shape):
    """An SOP in a list."""

    sop: Annotated[
        str, Meta(description=N_("Kantor dan nama alamat, misalnya gambut/surat-masuk."))
    ]
    office: str
    name: str
    number: Annotated[str | None, Meta(description=N_("Nomor SOP menurut kepalanya."))]
    revision: Annotated[int, Meta(ge=1, description=N_("Revisi yang berlaku."))]
    running: Annotated[int, Meta(ge=0, description=N_("Berkas yang belum selesai."))]


class Revision(Shape):
    """One version of an SOP; it never changes."""

    number: Annotated[int, Meta(ge=1)]
    published_at: datetime
    in_force: bool
    running: Annotated[int, Meta(ge=0, description=N_("Berkas yang belum selesai."))]
    sha256: str


class Step(Shape):
    """A step, as the diagram in force has it."""

    id: Annotated[str, Meta(description=N_("Unsur diagram."))]
    number: str | None
    name: str
    lane: str | None
    post: Annotated[str | None, Meta(description=N_("Jabatan yang mengerjakan."))]
    needs: Annotated[str | None, Meta(description=N_("Kelengkapan menurut mutu baku."))]
    output: str | None
    time: Annotated[str | None, Meta(description=N_("Waktu menurut mutu baku (ISO 8601)."))]


class Sop(SopLine):
    """An SOP with its steps and revisions."""

    starter: Annotated[str | None, Meta(description=N_("Jabatan yang dapat memulai berkas."))]
    title: Annotated[
        str | None, Meta(description=N_("Aturan judul berkasnya; kosong: judul diketik."))
    ]
    fields: Annotated[list[forms.Field], Meta(description=N_("Formulir saat berkas dimulai."))]
    steps: list[Step]
    revisions: Annotated[list[Revision], Meta(description=N_("Terbaru di depan."))]


class SopQuery(Paged):
    office: OfficeSlug | None = None
    search: Annotated[str, Meta(max_length=100, description=N_("Kata dari nama atau nomor."))] = ""


class Over(Asked):
    """What the sender believes to be in force."""

    over: (
        Annotated[
            int, Meta(ge=0, description=N_("Hanya bila revisi ini yang berlaku; 0: belum ada."))
        ]
        | None
    ) = None


def finding(found: bpmn.findings.Finding) -> Finding:
    return Finding(
        rule=found.rule, element=found.element, severity=found.severity, message=found.message
    )


def line(row: SopRow) -> SopLine:
    return SopLine(
        sop=f"{row.office.slug}/{row.sop.slug}",
        office=row.office.slug,
        name=row.sop.name,
        number=row.sop.number,
        revision=row.revision.number,
        running=row.running,
    )


def sop(shown: SopView) -> Sop:
    asked = shown.meaning.start_form
    return Sop(
        sop=f"{shown.office.slug}/{shown.sop.slug}",
        office=shown.office.slug,
        name=shown.sop.name,
        number=shown.sop.number,
        revision=shown.revision.number,
        running=shown.running,
        starter=shown.sop.starter,
        title=shown.meaning.judul,
        fields=[forms.field(one) for one in asked.isian] if asked else [],
        steps=[_step(step) for step in shown.meaning.steps],
        revisions=[_revision(each) for each in shown.revisions],
    )


def _step(step: bpmn.reader.Step) -> Step:
    waktu = step.mutu_baku.waktu
    return Step(
        id=step.id,
        number=step.nomor,
        name=step.name,
        lane=step.lane.name if step.lane else None,
        post=step.lane.jabatan if step.lane else None,
        needs=step.mutu_baku.kelengkapan,
        output=step.mutu_baku.output,
        time=waktu.iso if waktu else None,
    )


def _revision(found: RevisionLine) -> Revision:
    return Revision(
        number=found.revision.number,
        published_at=found.revision.published_at,
        in_force=found.in_force,
        running=found.running,
        sha256=found.revision.sha256,
    )


def name(office: models.Office, sop: models.Sop) -> str:
    return f"{office.slug}/{sop.slug}"


def parts(name: str) -> tuple[str, str]:
    """The office and the address of the SOP that a program named."""
    office, _, slug = name.partition("/")
    return office, slug
