"""How the API says that something went wrong."""

from typing import Annotated

from msgspec import Meta, field

from bpmn.errors import N_
from web.api.shapes import Shape
from web.api.shapes.sops import Finding


class FieldError(Shape):
    """One field that was refused."""

    field: Annotated[str, Meta(description=N_("Isian yang dimaksud."))]
    message: Annotated[str, Meta(description=N_("Apa yang harus diperbaiki."))]


class Problem(Shape, omit_defaults=True):
    """RFC 9457: what went wrong, for a program by `type` and for a person by `detail`."""

    type: Annotated[str, Meta(description=N_("Jenis kesalahan; tidak berubah antarversi."))]
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description=N_("Apa yang salah, dan apa yang harus dilakukan."))]
    instance: str
    errors: list[FieldError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    reference: Annotated[
        str | None, Meta(description=N_("Nomor untuk ditanyakan kepada pengelola server."))
    ] = None
