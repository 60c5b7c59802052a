"""An office, as other programs see it."""

from typing import Annotated

from msgspec import Meta

from bpmn.errors import N_
from engine import models
from web.api.shapes import Shape


class Office(Shape):
    """A kecamatan."""

    slug: Annotated[str, Meta(description=N_("Nama alamat kantor, dipakai di mana-mana."))]
    code: Annotated[str, Meta(description=N_("Kode wilayah."))]
    name: str
    kabupaten: str
    province: str
    zone: Annotated[str, Meta(description=N_("Zona waktu kantor."))]


def office(found: models.Office) -> Office:
    return Office(
        slug=found.slug,
        code=found.code,
        name=found.name,
        kabupaten=found.kabupaten,
        province=found.province,
        zone=found.zone,
    )
