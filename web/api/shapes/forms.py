"""Forms, as other programs see what they are to fill in."""

from typing import Annotated, Literal

from msgspec import Meta

from bpmn.errors import N_
from bpmn.forms import Isian
from tasks.forms import texts
from web.api.shapes import Shape


class Field(Shape):
    """One field of a form."""

    key: Annotated[str, Meta(description=N_("Nama isian di dalam data."))]
    label: str
    kind: Literal["teks", "angka", "tanggal", "pilihan", "tabel", "berkas", "data-kinerja"]
    required: bool
    choices: Annotated[list[str], Meta(description=N_("Nilai yang boleh dipilih."))]
    columns: Annotated[list[str], Meta(description=N_("Kolom setiap baris."))]


def field(asked: Isian) -> Field:
    return Field(
        key=asked.kunci,
        label=asked.text,
        kind=asked.jenis,  # type: ignore[arg-type]
        required=asked.wajib,
        choices=[each.nilai for each in asked.pilihan],
        columns=[column.kunci for column in texts.columns(asked)] if asked.has_rows else [],
    )
